"""Every refusal in words: what, where and what to do, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as n_

from showground.media import notices
from showground.rules.refused import Refused
from showground.ui import typeset

SENTENCES: dict[str, str] = {
    **notices.SENTENCES,  # boards
    "event.code": n_("There is an event of this short name already."),
    "event.ends": n_("It must end after it begins."),
    "event.long": n_("One event lasts seven days at most. Announce the days one by one."),
    "hall.closes": n_("It must close after it opens."),
    "hall.editor": n_("%(email)s is no curator of this week. Give the duty first, then name the address here."),
    "handout.code": n_("There is a hand-out of this short name already."),
    "handout.kind": n_("The file that is there is of another kind. Lay out another hand-out for it."),
    "handout.licence": n_("Choose one of the licences."),
    "recording.language": n_("This kind of recording is not made in this language."),
    "recording.twice": n_("The board has a recording of this kind in this language already."),
    "board.brought": n_("These pages hang here already: %(boards)s. Take those boards away first, then bring the file again."),
    "board.brought_now": n_("The same file waits to be read already."),
    "board.was_shown": n_("Visitors have seen this board. Take it down instead: what it said stays in its history."),
    "board.changed": n_(
        "Somebody changed this while you wrote. Yours is still in the fields; keep it again to put it in place of theirs."
    ),
    "board.stale": n_("Somebody changed this board after you opened the page. Look at it as it is now, then do it again."),
    "board.no_draft": n_("Nothing was changed since it was published."),
    "board.not_shown": n_("Visitors have never seen this board, so there is nothing to take down."),
    "board.no_block": n_("There is no such block any more. Somebody took it away."),
    "board.not_unread": n_("There is text on this board already, or nothing to read it from."),
    "board.gate": n_("Something is still missing: see the list. Mend it, or say in words why it is published all the same."),
    "hall.code": n_("There is a hall with this short name already."),
    "note.changed": n_(
        "Somebody has decided about this line meanwhile. What you typed is still there; press again to put it in place of theirs."
    ),
    "note.unanswered": n_("Write the answer first: a question shows with its answer."),
    "note.not_shown": n_("Only a line that is shown can be withheld."),
    "note.not_withheld": n_("This line is not withheld."),
    "note.withheld": n_("The report desk withholds this line. Only the desk can turn that."),
    "note.empty": n_("There are no words in it."),
    "note.long": n_("At most %(most)s characters are taken."),
    "note.full": n_("So much waits to be read that nothing more is taken now. Come back later."),
    "note.foreign_form": n_("This form was not sent from a page of this site. Open the page again and send it from there."),
    # people
    "people.too_often": n_("Too many tries from here. Try again in %(retry_after)s."),
    "people.code_expired": n_("This code has expired. Ask for a new one."),
    "people.code_spent": n_("Five wrong codes were typed. Ask for a new one."),
    "people.code_wrong": n_("That is not the code in the letter. Tries left: %(left)s."),
    "people.mail_away": n_("The letter could not be sent just now. Nothing is lost: try again in a minute."),
    # call and entries
    "entry.early": n_("The call opens %(opens)s. Come back then."),
    "entry.late": n_("Too late: the deadline was %(deadline)s."),
    "entry.not_open": n_("This entry cannot be changed any more; see its state above."),
    "entry.too_many_drafts": n_("You have %(most)s drafts already. Send one in or withdraw one first."),
    "entry.no_work": n_("Upload the work before you send the entry in."),
    "entry.work_not_safe": n_("The work is still being checked. Wait until its state says ready, then send it in."),
    "entry.no_title": n_("Give the work a title in English or in Chinese."),
    "entry.not_submitted": n_("Somebody decided on this entry a moment ago. Look at its state."),
    "entry.not_withdrawn": n_("Withdraw the entry first; then it can be erased."),
    "entry.not_shown": n_("Only a work that was handed in can be withheld; this one is withdrawn, returned or still a draft."),
    "entry.not_withheld": n_("This work is not withheld; it is shown already."),
    "entry.reason": n_("Choose one of the reasons given."),
    "entry.withheld_twice": n_("This work is withheld already."),
    "entry.own": n_("You cannot screen your own entry. Leave it to another screener."),
    "entries.undecided": n_("%(waiting)s works still wait for a decision. Admit or return them first."),
    "entries.none": n_("No work has been admitted, so there is nothing to vote on."),
    # works
    "evidence.unseen": n_("Nobody takes this file out: what may show a child or an intimate picture stays sealed."),
    "work.empty": n_("The file is empty (0 bytes). Choose the file again."),
    "work.too_large": n_("The file is too large: at most %(limit)s are taken here."),
    "work.longer_than_said": n_("More bytes came than the file has. Start the upload again."),
    "work.gap": n_("A piece is missing. The upload goes on from byte %(have)s."),
    "work.incomplete": n_("The file is not whole yet: %(have)s of %(size)s bytes are here. Go on with the upload."),
    "work.replaced": n_("Somebody brought another file here meanwhile. Look at it; to bring yours instead, choose it again."),
    "work.received": n_("This file has been received already."),
    "work.category": n_("This file belongs to another category. Choose the category again or upload another file."),
    "work.kind": n_("The file is really %(found)s, whatever its name says. This category takes %(wanted)s."),
    "work.cut_off": n_("The file breaks off in the middle. Export it again and upload the new file."),
    "work.too_many_pixels": n_("The picture is too large: %(width)s × %(height)s pixels. Make it smaller."),
    "work.too_many_frames": n_("The animation has too many frames. Send it in as a video."),
    "work.too_long": n_("The video is too long: at most %(limit)s seconds."),
    "work.codec": n_("The video is coded as %(found)s, which cannot be played here. Export it as H.264."),
    "work.no_picture": n_("There is no picture in this video."),
    "work.no_jail": n_("Uploads are off on this site because files cannot be opened safely here. Tell the organiser."),
    "media.unreadable": n_("The file could not be read as what it says it is. Export it again and upload the new file."),
    "media.too_long": n_("The file took too long to open. Make it simpler or smaller."),
    "media.too_large": n_("The file needs too much memory to open. Make it smaller."),
    "package.empty": n_("The zip file holds no files."),
    "package.no_index": n_("The zip file has no index.html. It must lie at the top or in one top folder."),
    "package.several_indexes": n_("The zip file has several index.html files to choose from. Leave one at the top."),
    "package.encrypted": n_("A file in the zip is locked with a password: %(name)s. Make the zip without one."),
    "package.method": n_("A file in the zip is packed in an unusual way: %(name)s. Use an ordinary zip program."),
    "package.damaged": n_("The zip file is damaged at %(name)s. Make it again."),
    "package.name": n_("A name in the zip cannot be used: %(name)s. Rename the file."),
    "package.special": n_("The zip holds something that is not a plain file: %(name)s. Take it out."),
    "package.duplicate": n_("Two files in the zip have the same name: %(name)s. Rename one."),
    "package.forbidden": n_("The zip holds a kind of file that is not taken: %(name)s. Take it out."),
    "package.bomb": n_("A file in the zip unpacks to far more than it should: %(name)s. It was not opened."),
    "package.file_too_large": n_("A file in the zip is too large: %(name)s. At most %(limit)s are taken."),
    "package.too_many_files": n_("The zip holds too many files: at most %(limit)s."),
    "package.too_large": n_("The zip unpacks to more than %(limit)s. Make it smaller."),
    # voting
    "vote.not_open": n_("The vote is not open now."),
    "vote.closed": n_("The vote is closed. Your earlier ballots count."),
    "vote.opened_late": n_("The vote was to open %(opens)s, and that is past. Change the calendar in the week file."),
    "vote.opened_twice": n_("The opening of the vote is already in the log."),
    "ruleset.not_frozen": n_("Freeze the rule first."),
    "ruleset.frozen_twice": n_("The rule is already frozen."),
    "paper.missing": n_("This browser holds no ballot paper. Ask for one with your e-mail address."),
    "paper.forged": n_("This ballot paper was not issued here. Ask for a new one."),
    "paper.expired": n_("This ballot paper has expired. Ask for a new one; your earlier ballot counts."),
    "paper.scope_over": n_("This ballot paper was for another day. Ask for today’s; your earlier ballot counts."),
    "ballot.choice_unknown": n_("A work on your ballot is not on the list (%(entry)s). Take it off and cast again."),
    "ballot.choice_twice": n_("A work stands on your ballot twice (%(entry)s)."),
    "ballot.too_many": n_("A ballot names at most %(most)s works; you chose %(chosen)s. Take some off."),
    "ballot.too_often": n_("You have cast this ballot %(most)s times, which is the most. The last one counts."),
    "ballot.too_fast": n_("That was too fast. Wait %(retry_after)s and cast again; your choice is kept here."),
    "ballot.overtaken": n_("You cast another ballot in between, perhaps on another device. Compare the two and cast again."),
    "ballot.shape": n_("The ballot came in a form that cannot be read. Reload the page and cast again."),
    "door.away": n_("The ballot box does not answer just now. Nothing is lost: your choice is kept here, cast again in a moment."),
    # jury
    "jury.none": n_("Appoint the jury first."),
    "jury.late": n_("Jurors are appointed before the vote opens, %(deadline)s."),
    "jury.late_sheet": n_("The jury’s deadline was %(deadline)s. The last sheet you sealed counts."),
    "jury.no_shortlist": n_("There is no shortlist yet. You will get a letter when there is."),
    "jury.no_key": n_("Make your key first."),
    "jury.key": n_("This key cannot be used."),
    "jury.key_declared": n_("Your key stands in the log already and cannot be replaced here."),
    "jury.signature": n_("The signature does not fit the sheet. Reload the page and seal it again."),
    "jury.escrow": n_("The sealed copy for the notary is damaged. Reload the page and seal the sheet again."),
    "jury.draft_too_long": n_("The draft is too long to keep."),
    "jury.gate_shut": n_("Sheets are opened after the jury’s deadline stands under the notary’s signature. It does not yet."),
    "jury.opening": n_("This is not an opening of a sheet."),
    "jury.opening_differs": n_("The opening does not fit the sealed sheet of juror %(juror)s."),
    # awards and log
    "award.no_tally": n_("The count is not published yet."),
    "award.tally_not_witnessed": n_("The count waits for the notary’s signature. Try again in a minute."),
    "award.sheets_sealed": n_("Sheets are still sealed: juror %(jurors)s. The notary opens them."),
    "award.early": n_("The jury has time until %(jury_closes)s."),
    "export.not_witnessed": n_("The log has not been witnessed yet, so there is nothing to export."),
    "export.asset_missing": n_("A published file is missing: %(asset)s."),
    "statement.signature": n_("The statement is not signed with the notary’s declared key."),
    "statement.size": n_("The statement covers more records than the log has."),
    "log.unknown": n_("The log of this week is not open yet. The operator opens it with showground init and the notary’s keys."),
    "key.missing": n_("The log names no such key."),
    # weeks
    "week.duties_apart": n_("One person cannot be %(duty)s and %(held)s in the same week."),
    "week.not_toml": n_("The week file is not valid TOML: %(detail)s"),
    "week.field": n_("The week file lacks something at %(field)s: it wants %(wanted)s."),
    "week.timezone": n_("The time zone is not known: %(timezone)s"),
    "week.calendar_order": n_("The calendar is out of order. It must run: %(order)s."),
    "week.rule_frozen": n_("The rule of the week %(code)s is frozen in its log and cannot change."),
    "week.calendar_fixed": n_("The vote of the week %(code)s is announced in its log; its hours cannot change."),
    "jury.sheet_open": n_("This sheet is open already, or there is none."),
    "jury.wait": n_("Wait until %(until)s: the notary may still open the sheet."),
    # composing quizzes
    "quiz.times": n_("The quiz must close after it opens."),
    "quiz.items": n_("Each person is asked 1 to 100 questions."),
    "quiz.code": n_("The short name must be one word: small letters, figures, point, hyphen; a letter first."),
    "quiz.code_taken": n_("Another quiz of this week is called %(quiz)s. Choose another short name."),
    "quiz.no_prize": n_("Only a quiz with prizes has rules of a draw."),
    "series.twice": n_("This quiz is a round of several already."),
    "series.shape": n_("Choose 2 to 60 rounds, 1 to 366 days apart."),
    "series.pool_small": n_("Every round needs questions of its own: %(needed)s in all, and the pool has %(pool)s."),
    "voucher.prize": n_("The rules name no such prize: %(prize)s."),
    "voucher.none": n_("There is no code in it, or one of them is longer than a code is."),
    "voucher.given_out": n_("Some of these codes are given out already; they stay as they are."),
    "voucher.too_many": n_("There are %(found)s codes and %(stock)s such prizes. Leave the others out."),
    "voucher.early": n_("Announce the quiz first; codes are sealed for its draw."),
    "throws.notary": n_("Throw before the notary, and say so."),
    "throws.shape": n_("Type the throws in their order, figures 1 to 6, at least 24 of them."),
    "throws.differ": n_("The two readings differ. Look at the dice together and type them again."),
    "draw.beacon_shape": n_("This is not a round as the beacon publishes it."),
    "opendata.secret": n_("The key is still secret, and who chooses what would tell it. Open data come when the key is public."),
    "exchange.no_file": n_("Choose a file first."),
    "exchange.too_large": n_("The file is too large: at most %(limit)s are read here."),
    "exchange.nothing": n_("Nothing is chosen that is not in the bank already."),
    "exchange.format": n_("This format is not written here."),
    "exchange.none_carried": n_("This format can carry none of these questions. Below stands why."),
    "exchange.none": n_("No question is like that, so there is nothing to write."),
    # the bank of questions
    "question.field": n_("The question is not whole yet, at %(field)s."),
    "question.kind": n_("There is no such kind of question."),
    "question.code_taken": n_("The bank has a question with the code %(question)s already."),
    "question.no_version": n_("This question has no wording yet."),
    "question.waiting": n_("It waits for a second reader and stays as it is until then. Take it back to change it."),
    "question.not_draft": n_("There is no draft to read. Change something first."),
    "question.not_waiting": n_("This version does not wait for a reader any more. Look at the newest one."),
    "question.not_yours": n_("Its writer takes it back, or its reader returns it."),
    "question.own": n_("You wrote a part of it. Another person reads it and approves it."),
    "question.note_missing": n_("Say what to change before you return it."),
    "seal.broken": n_("What was sealed here cannot be opened: the key of this site is another one now. Tell the operator."),
    "week.origin_fixed": n_("The week %(code)s has the origin %(origin)s, which cannot change."),
    # rules of quizzes, and draws
    "rules.kind": n_("Choose what kind of quiz this is: %(known)s."),
    "rules.field": n_("The rules are not whole at %(path)s."),
    "rules.field_missing": n_("The rules must say %(path)s before the quiz can be announced."),
    "rules.field_unknown": n_("The rules hold something that no rule says: %(path)s. Take it out."),
    "rules.number": n_("%(path)s must be a whole number from %(low)s to %(high)s."),
    "rules.word": n_("%(path)s must be one word: small letters, figures, point, hyphen; a letter first."),
    "rules.text": n_("Write %(path)s; in English and in Chinese where both are asked."),
    "rules.list": n_("%(path)s must name at least one and at most %(most)s."),
    "rules.time_order": n_("%(path)s lies too early: it comes after %(after)s."),
    "rules.pool_small": n_("The pool has %(pool)s questions and an attempt asks %(items)s. Add questions or ask fewer."),
    "rules.pass": n_("Nobody could pass: %(right)s right answers are asked of %(items)s questions."),
    "rules.currency": n_("%(path)s is a currency of three letters, such as CNY or GBP."),
    "rules.twice": n_("Something stands twice in %(path)s."),
    "rules.beacon": n_("Say where chance comes from: drand, or dice."),
    "rules.chain": n_("Only drand’s quicknet is taken, with its own key: who may choose the key could choose the winners."),
    "rules.too_many_prizes": n_("Prizes and alternates are %(total)s together; at most %(most)s can be drawn."),
    "rules.too_long": n_("The rules are too long for one record. Shorten the texts."),
    "quiz.rules_twice": n_("The rules of this quiz stand in the log already and cannot change."),
    "quiz.late_entry": n_("The quiz is closed. Attempts handed in before it closed count."),
    "quiz.not_open": n_("The quiz is not open yet."),
    "quiz.key_swapped": n_("The key of this quiz is fixed in the log already; another one is not taken."),
    "quiz.key_early": n_("The key stays sealed until the winners are drawn."),
    "quiz.entry_unknown": n_("Only an attempt that passed can be struck."),
    "quiz.struck_twice": n_("This entry is struck already."),
    "quiz.not_struck": n_("This entry is not struck."),
    "draw.struck_late": n_("The list of tickets is frozen. Nothing can be struck or put back any more."),
    "draw.code_taken": n_("Another draw in this log has this name already. Choose another."),
    "draw.invented_clock": n_("In a rehearsal times are invented, so chance must come from dice."),
    "draw.pool_early": n_("The list is frozen after the quiz has closed."),
    "draw.not_frozen": n_("The list of tickets is not frozen yet."),
    "draw.party_unknown": n_("The rules do not name %(party)s as a party to this draw."),
    "draw.seed_late": n_("Too late for a seed: one is open already, or chance has spoken."),
    "draw.seed_twice": n_("%(party)s has put in a seed already."),
    "draw.seed_unknown": n_("%(party)s has not sealed a seed."),
    "draw.seed_differs": n_("This is not the seed that %(party)s sealed."),
    "draw.round": n_("The rules name another round."),
    "draw.chain": n_("The rules name another source of chance."),
    "draw.throws": n_("The rules say how many throws there are: no more and no fewer."),
    "draw.beacon_missing": n_("Chance has not spoken yet."),
    "draw.twice": n_("This draw has been held. There is never a second one."),
    "draw.claim_order": n_("This prize is at another step: %(before)s."),
    "draw.claim_position": n_("This ticket is not the next to be told."),
    # the report desk: those who report
    "report.category": n_("Choose what happened first."),
    "report.empty": n_("Write a word or add a picture: one of the two is enough."),
    "report.too_long": n_("That is more than fits (%(most)s characters). Leave some out; you can add it later with your code."),
    "report.no_files_here": n_("No pictures or files here, to protect those who are in them. Tell us in words where it is."),
    "report.too_many_files": n_(
        "Too much at once: at most %(files)s files, %(megabytes)s MB together. Send the rest later with your code."
    ),
    "report.file_too_big": n_("“%(file)s” is larger than %(megabytes)s MB. A screenshot of it is enough."),
    "report.files_full": n_(
        "This report holds %(most)s files, which is the most. Say in words what you have; the desk can ask for it."
    ),
    "report.no_room": n_("There is no room for files just now. Send your words without them; add the files later with your code."),
    "report.standing": n_("Say whom it is about; without that we may not act on it."),
    "report.stash": n_("A file you added is no longer here. Add it again; your words are kept."),
    "report.form": n_("This did not arrive whole. Load the page again and send it once more."),
    "report.foreign_form": n_("This form did not come from a page of ours. Open the report page and send it from there."),
    "report.withdrawn": n_("You have taken it back already."),
    "report.erased": n_("It is erased already."),
    "report.on_hold": n_("It may not be erased yet: a court or an authority asked that it be kept. It is erased when that ends."),
    "report.channel": n_("Say whether it came by phone or on paper."),
    "report.sure": n_("Tick the box first, so that nothing happens by accident."),
    "report.no_proof_yet": n_("The proof is not ready: the notary signs once an hour. Look again later."),
    "identity.kept": n_("Your name lies sealed already."),
    "code.digits": n_("A code has digits only."),
    "code.length": n_("A code has %(wanted)s digits; this has %(digits)s. Look at your note again."),
    "code.check": n_("A digit is wrong or two have changed places. Compare it with your note."),
    "code.unknown": n_("This code opens nothing here. Compare it with your note, digit by digit."),
    "code.ticket": n_("This page is too old to get a code. What you sent is kept."),
    "code.other_report": n_(
        "Another report was opened in this browser meanwhile, so nothing was sent or changed. Type the code of the one you mean."
    ),
    "code.visit_over": n_("Your page was closed after 20 minutes. Type your code again."),
    "appeal.no_decision": n_("Nothing is decided yet, so there is nothing to appeal."),
    "appeal.late": n_("Six months have passed since the decision. If something new happened, report it again."),
    "appeal.twice": n_("You have appealed already. The answer comes here."),
    "api.token": n_("No partner has this token."),
    "api.shape": n_("This is no report as JSON: category, words, language and standing are texts."),
    "desk.not_open": n_("The desk is not open yet. For danger call the police, for money your bank."),
    "desk.no_custodians": n_("No name can be kept here yet: those who guard names are not appointed. Report without a name."),
    "draw.claim_prize": n_("This ticket was drawn for another prize."),
    # sitting a quiz
    "quiz.early": n_("The quiz opens %(opens)s. Come back then."),
    "quiz.closed": n_("The quiz is closed since %(closes)s. What was sent in before counts."),
    "quiz.sent_in": n_("This was sent in already."),
    "quiz.explained": n_("This question is explained already; its answer stands."),
    "quiz.too_many_goes": n_("That was try number %(most)s, which is the most on one device."),
    "quiz.crowded": n_("Very many begin from your network just now. Come back in %(retry_after)s; the quiz stays open."),
    "quiz.foreign_form": n_("The form did not come from a page of this site. Open the page here and send it again."),
    "quiz.receipt_not_yet": n_("The receipt file needs the notary’s signature, which comes within a minute. Your ticket is safe."),
    "answer.shape": n_("The answer came in a form that cannot be read. Load the page again and choose once more."),
    "answer.verdict": n_("Say first whether it is a trick or genuine; what you marked is still marked."),
    "answer.both": n_("You marked lines and also “Nothing is suspicious”. Take one of the two back."),
    # a hosted round
    "round.code": n_("No round has this code. Look at the front again: six letters and figures."),
    "round.over": n_("This round is over."),
    "round.full": n_("%(most)s phones are in this round, which is the most."),
    "round.question_closed": n_("This question is closed. Your last answer before that counts."),
    "round.kind": n_("Only a classroom quiz is hosted."),
    "round.draft": n_("Announce the quiz first; then its questions stay as they are."),
    "round.nothing": n_(
        "No question of this quiz suits a room: it takes choices, true or false, messages, and short or numeric answers."
    ),
    # announcing a quiz
    "quiz.announced_twice": n_("This quiz is announced already; its rules and questions cannot change."),
    "quiz.no_rules": n_("A quiz with prizes needs its rules first."),
    "quiz.pool_small": n_("The pool has %(pool)s questions, but %(items)s are asked. Add some."),
    "quiz.not_approved": n_("The question %(question)s has no wording that a second person approved."),
    "quiz.pool_shared": n_(
        "%(question)s is also in the quiz %(quiz)s, where its answer is explained or still secret. Take it out of one."
    ),
    "quiz.opened_late": n_("The quiz was to open %(opens)s, and that is past. Choose a later time."),
    # flags
    "flag.not_in_log": n_("The entry is not in the log yet. Try again in a moment."),
    "flag.decided": n_("Somebody has decided on this entry already."),
    "flag.no_reason": n_("Give a reason: the entrant reads it."),
    "flag.no_words": n_("Say why the entry should stand."),
    "flag.no_appeal": n_("There is nothing to object to, or it was done already."),
    "flag.own": n_("Whoever struck an entry does not answer the objection. Leave it to another person."),
    # draws
    "draw.gate_shut": n_("The notary has not signed the step before this one yet. Try again in a minute."),
    "draw.unknown": n_("There is no draw with this name."),
    "draw.seed_shape": n_("This is not a secret of a draw."),
    "draw.early": n_("Chance speaks %(opens)s, not before."),
    "draw.signature": n_("The signature on round %(round)s is not the beacon’s."),
    "beacon.shape": n_("This file holds no round of the beacon: it wants round and signature."),
    "beacon.relay": n_("This is no address of a relay: %(url)s"),
    "beacon.away": n_("The relay did not answer: %(url)s (%(detail)s)"),
    # claims
    "receipt.unknown": n_("No entry of this quiz fits. Look whether number or secret are mistyped."),
    "claim.secret": n_("No drawn entry fits this secret. Look whether it is mistyped, and whether the draw has taken place."),
    "claim.late": n_("The time to claim was over %(deadline)s. The prize goes to the next alternate."),
    "claim.order": n_("This claim has moved on already; look at its state."),
    "claim.no_voucher": n_("There is no voucher code to show for this claim yet."),
    "claim.voucher_shown": n_("The voucher code was shown already. Ask the organiser if you did not see it."),
    # the report desk, for those who work there
    "desk.shut": n_("No shift of an officer is open in this browser."),
    "desk.passphrase_short": n_("The passphrase must have at least %(least)s characters."),
    "desk.passphrases_differ": n_("The two passphrases are not the same."),
    "desk.wrong_passphrase": n_("This passphrase does not open your key."),
    "desk.key_held": n_("You hold a key already, for this duty or for one that must stay apart from it."),
    "desk.key_revoked": n_("This key was revoked."),
    "desk.no_key": n_("You have no key for this duty yet."),
    "desk.open_already": n_("The desk is open already; an officer admits you."),
    "desk.cannot_admit": n_("Only an officer with an open shift can do this, and only for a key that is in use."),
    "desk.left": n_("This person works at the desk no longer."),
    "desk.off_duty": n_("The duty or its key was taken away a moment ago. Nothing was done."),
    "desk.cannot_revoke": n_("Officers with an open shift revoke officers’ keys; custodians and approvers revoke their own."),
    "desk.last_key": n_(
        "This is the last key of the desk. Without it nobody could ever read a report again; admit another officer first."
    ),
    "desk.recused": n_("This person stays out of the case."),
    "desk.reason": n_("Choose one of the reasons."),
    "desk.message": n_("Write the message first."),
    "desk.note": n_("Write the note first."),
    "desk.missing": n_("Say what is missing: the one who proposed it reads your words."),
    "desk.why": n_("Say why, in English and in Chinese: every reporter of the case reads it."),
    "desk.no_person_search": n_("Search by case number, address or hash. Persons cannot be searched for."),
    "desk.search_slow": n_("More than %(most)s searches in an hour. Wait a while; every search is counted."),
    "vault.shut": n_("This does not open to your key."),
    "case.not_yours": n_("The case is not in your hands. Take it first."),
    "case.step": n_("The case has gone on meanwhile; this step is not possible now. Look at its state above."),
    "case.extended": n_("The time was extended once already, or the case is decided."),
    "link.gone": n_("This link is not there any more."),
    "link.only": n_("The report is the first of its case; there is no link to undo."),
    "link.there_already": n_("It belongs to this case already."),
    "bulk.none": n_("Choose at least one case."),
    "bulk.two": n_("Choose at least two cases to fold."),
    "bulk.decided": n_("%(case)s is decided or closed; what was decided is not spam."),
    "decision.outcome": n_("Choose an outcome."),
    "decision.facts": n_("Write down the facts."),
    "decision.long": n_("One of the texts has more than %(most)s characters."),
    "decision.lawful": n_("Answer all five questions about lawful speech."),
    "decision.lawful_why": n_(
        "You answered “yes” to one of the five questions: say why it is not protected here, or choose “Lawful, no action”."
    ),
    "decision.law": n_("Choose the provision that this rests on; without one nothing is referred or taken down."),
    "decision.law_other": n_("This provision is not for this kind of harm."),
    "decision.reasons": n_("Reasons are missing in one of the two languages: %(audience)s."),
    "decision.partners": n_("Choose at least one partner."),
    "decision.ask": n_("Choose what the partner is asked for."),
    "decision.child_partner": n_("Where a child may be in danger, only the hotline and the police are told."),
    "decision.not_here": n_(
        "Name what is to be withheld: the code of a work that was handed in, or of a guest-book line that is shown."
    ),
    "decision.other_thing": n_("This case is about %(code)s already. Something else needs a case of its own."),
    "decision.same_as": n_("There is no other case of this number."),
    "decision.where_to": n_("Say where to turn instead."),
    "decision.changed": n_("It was written anew after you opened this page. Read it again; nothing was agreed."),
    "decision.waits": n_("It waits for its second reader and is not changed meanwhile. Take it back first."),
    "decision.not_proposed": n_("Nothing waits for a second reader here."),
    # referrals, notices, figures, cards
    "notice.category": n_("The desk takes no report of this kind."),
    "notice.ask": n_("Choose what is asked of the partner."),
    "notice.places": n_("Name at least one exact place, and at most %(most)s."),
    "notice.file": n_("This is no notice of a report desk, or it is not whole."),
    "notice.form": n_("A notice is handed out as STIX 2.1 or as a MISP event."),
    "notice.no_signs": n_("There is nothing in it that may be passed on to others."),
    "notice.explanation": n_("Say what was found: at least a sentence, at most %(most)s characters."),
    "notice.law": n_("The provision has no words. Complete it before it is cited."),
    "notice.code": n_("It may be incomplete. Copy the whole address from the letter, or ask the desk with the case number."),
    "referral.decision": n_("The decision does not refer this, or no longer holds."),
    "referral.law": n_("A notice needs a provision that fits this kind of harm. Choose another one."),
    "referral.legitimate": n_("%(host)s is on a partner’s list of its own sites. Nothing is sent against it."),
    "referral.state": n_("Somebody took the next step with this notice a moment ago. Look at its state."),
    "referral.figures": n_("The figures are overdue. Until they are published, nothing is referred."),
    "referral.mail_away": n_("The letter could not be sent just now. Nothing has changed: try again in a minute."),
    "referral.mail_unsure": n_(
        "The mail server did not say whether it took the letter. Wait a minute, then post it again: it stays one letter to the partner."
    ),
    "referral.mail_later": n_("It is noted here, but the letter could not be sent just now. Press once more in a minute."),
    "referral.erased": n_("What the desk wrote of this case is destroyed. Nothing more can be said to the partner by it."),
    "referral.link_over": n_("This link has ended. Write to %(mail)s with the case number: you get a new one."),
    "referral.link": n_("It may be incomplete, or the notice was sent anew. Write to us with the case number."),
    "referral.answered": n_("This notice has its answer already."),
    "referral.choice": n_("Choose one of the answers."),
    "referral.reason": n_("This answer needs a sentence: what is missing, or why."),
    "appeal.replaced": n_("This decision no longer holds; there is nothing to appeal against."),
    "figures.early": n_("This period is not over yet."),
    "figures.order": n_("Figures are published in order; another period comes first."),
    "card.child": n_("No card is made from a child’s case."),
    "card.empty": n_("The card is not whole: a title, how it goes and what to do, each in both languages."),
    "card.long": n_("A part of the card is too long: it may have %(most)s characters at most."),
    "card.names": n_("“%(found)s” points at somebody. A card tells how it goes, not who did it."),
    "card.state": n_("Somebody took the next step with this card a moment ago."),
    "decision.same_person": n_("A second person must do this: not the one who wrote it."),
    "decision.other_unit": n_("It may touch lawful speech: only a reader of another unit can agree."),
    "appeal.same_person": n_("You had a part in this decision; somebody else hears the appeal."),
    "appeal.not_yours": n_("Take the appeal on first; another officer may have it."),
    "appeal.decided": n_("The appeal is decided."),
    "appeal.outcome": n_("Choose how the appeal ends."),
    "appeal.instead": n_("Say what holds instead; it must differ from what was decided."),
    "booth.name": n_("Give the booth a name, so that it is found again on the list."),
    "hold.reason": n_(
        "Write the reason: which court or authority, which order. A hold is ended by two persons, not by an empty line."
    ),
    "hold.none": n_("No legal hold stands on this case."),
    "hold.asked": n_("Somebody asked for the end of this hold already."),
    "hold.not_asked": n_("Nobody asks for the end of this hold (any more)."),
    "deletion.asked": n_("The deletion was asked for already."),
    "deletion.answered": n_("This deletion was answered already."),
    "identity.duty": n_("Another duty does this."),
    "identity.none": n_("This report has no sealed name, or there is no such report."),
    "identity.gone": n_("The name was destroyed: its time was over."),
    "identity.asked": n_("A request for this name waits already."),
    "identity.words": n_("Say why, in words."),
    "identity.no_half": n_(
        "Your key holds no half of this name: it was sealed before your key was made. A colleague can hand theirs on."
    ),
    "identity.answered": n_("The request was answered already."),
    "identity.same_person": n_("Nobody agrees to their own request."),
    "identity.not_agreed": n_("An approver has not agreed."),
    "identity.read": n_("It was read, once. To read it again, ask again."),
    "identity.too_late": n_("The agreement is older than seven days. Ask again."),
}
INSTANTS = {"opens", "closes", "deadline", "jury_closes", "until"}
SIZES = {"limit", "bytes"}
SPANS = {"retry_after"}


KINDS = {
    "jpeg": "JPEG", "png": "PNG", "webp": "WebP", "gif": "GIF", "avif": "AVIF", "mp4": "MP4", "mov": "QuickTime", "webm": "WebM",
    "mkv": "Matroska", "zip": "zip", "pdf": "PDF", "svg": "SVG", "html": "HTML", "7z": "7-Zip", "rar": "RAR", "gzip": "gzip",
    "tiff": "TIFF", "bmp": "BMP", "heic": "HEIC", "mp3": "MP3", "wav": "WAV", "avi": "AVI", "psd": "Photoshop", "text": n_("plain text"),
    "program": n_("a program"), "playlist": n_("a playlist"), "office": n_("an office document"), "unknown": n_("of an unknown kind"),
}  # fmt: skip


AUDIENCES = {"reporter": n_("the reporter"), "affected": n_("the person it affects"), "public": n_("everybody")}


def _fact(name: str, value: Any, code: str) -> object:
    if name == "audience":
        return _(AUDIENCES.get(str(value), str(value)))
    if name in INSTANTS and isinstance(value, int):
        return typeset.when(value)
    if name in SPANS and isinstance(value, int):
        return typeset.duration(value)
    if name in SIZES and isinstance(value, int) and code.endswith("too_large"):
        return typeset.size(value)
    if name in {"found", "wanted"} and code == "work.kind":
        kinds = value if isinstance(value, (list, tuple)) else [value]
        return ", ".join(_(KINDS.get(str(kind), str(kind))) for kind in kinds)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value)
    return value


def refusal(refused: Refused) -> str:
    """Returns the refusal as a sentence for the reader; a code without one is shown with its facts, never hidden."""
    sentence = SENTENCES.get(refused.code)
    if sentence is None:
        return _("This cannot be done: %(code)s.") % {"code": str(refused)}
    facts = {name: _fact(name, value, refused.code) for name, value in refused.facts.items()}
    try:
        return _(sentence) % facts
    except KeyError:
        return _("This cannot be done: %(code)s.") % {"code": str(refused)}
