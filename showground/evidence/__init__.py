"""What a reported mail, link, picture or message says, told as plain values; nothing is fetched, no stranger's file is opened outside the jail.

How the report desk uses it (docs/formats/evidence.md has every field):

    told = opening.open_files(paths, names=text, kinds=[...], keep=folder)   # one jailed run for many files; a dict for each, in order
    told = opening.open_bytes(raw, names=text, kinds=["mail"])               # one file that is not on a disk
    told = text.read(said, names=lookalike.read_names(text))                 # pasted text and a form's fields need no jail
    link = links.read("hxxp://...", names=...); links.defang(link["url"])    # one link

    keys = observables.flat(told, names)          # [{type, value, via, weak}]; HMAC each value, with its type, under the desk's key
    numbers = sketch.of(observables.words(told), key)
    found = index.add(cluster.Item(ref, keys, numbers, pictures))            # links to earlier reports: rule, score, strong
    cluster.groups(refs, links)                   # groups by the strong links that nobody has undone

    words.say(flag)                               # the English sentence of any {"code": ...}; pages translate words.SENTENCES

`names` is the protected-names list: a line each, `domain = Name, another name`. `told["opened"]` is false, with `told["why"]`, for a file
that is not opened; `told["bytes"]` and `told["sha256"]` are always there and measured outside the jail.
"""
