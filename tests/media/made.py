"""Boards made for the tests, each with what must be read from it, in order: [(kind, text or rows), ...]."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst
from PIL import Image
from pptx import Presentation
from pptx.util import Mm

Expected = list[tuple[str, Any]]
HEAD = """#set page(width: {width}mm, height: {height}mm, margin: {margin}mm)
#set text(font: ("Libertinus Serif", "Noto Sans CJK SC"), size: {size}pt, lang: "{lang}")
#show heading: set block(above: 1.4em, below: 1em)
"""
ZH = (
    "诈骗分子常用HTTPS链接冒充银行，要求你“立即验证”账户信息。真正的银行从不在短信里索要密码或验证码，"
    "遇到这种情况请先挂断电话，再用App里的官方号码回拨核实。家里的老人和孩子也要知道这个办法。"
)
ZH2 = "收到中奖通知时不要着急。先看清发件人的域名，再问一问身边的人；任何要求先付保证金的奖都不是奖。2026年全国共接到此类举报12,345件。"
EN = (
    "Swindlers often pose as a bank and ask you to confirm your account within minutes. A real bank never asks for a password "
    "or a one-time code in a message. Hang up first, then call the number that is printed on your card. Tell your parents and "
    "children about this too, because the people in that office find it efficient to practise what they say, and they can afford to wait."
)
EN2 = (
    "Look at the address before you open a link. The part that matters stands right before the first single slash, read from "
    "the right. Anything in front of it can be made up, and a padlock only says that nobody listens on the way."
)


def pdf(source: str, *, tags: bool = False, standards: str | None = None) -> bytes:
    """Returns a PDF that typst makes; without tags unless asked, so that order must be found from places alone."""
    return bytes(typst.compile(source.encode(), format="pdf", pdf_tags=tags, pdf_standards=standards or []))


def head(width: int = 594, height: int = 841, margin: int = 45, size: int = 24, lang: str = "zh") -> str:
    return HEAD.format(width=width, height=height, margin=margin, size=size, lang=lang)


def escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "#*_`$<>@=\\-+/[]\"'~" else char for char in text)


def plain(parts: Expected) -> str:
    """Returns typst for headings, paragraphs and list items."""
    marks = {"heading1": "= ", "heading2": "== ", "heading3": "=== ", "list_item": "- ", "paragraph": ""}
    return "\n\n".join(marks[kind] + escaped(text) for kind, text in parts) + "\n\n"


@cache
def bilingual() -> tuple[bytes, Expected]:
    """Chinese above, English below; a list in each; English justified with parted words."""
    chinese: Expected = [
        ("heading1", "什么是电信诈骗"),
        ("paragraph", ZH),
        ("heading2", "记住三件事"),
        ("list_item", "不转账，不透露验证码"),
        ("list_item", "挂断后拨打96110核实"),
        ("list_item", "保存证据，到举报台提交"),
        ("paragraph", ZH2),
    ]
    english: Expected = [
        ("heading1", "What telecom fraud is"),
        ("paragraph", EN),
        ("heading2", "Three things to keep in mind"),
        ("list_item", "Never transfer money to an account someone reads to you"),
        ("list_item", "Never read a one-time code aloud"),
        ("list_item", "Keep the evidence and report it"),
        ("paragraph", EN2),
    ]
    text = '#set text(lang: "en", hyphenate: true)\n#set par(justify: true)\n'
    return pdf(head() + plain(chinese) + text + plain(english)), chinese + english


@cache
def columns() -> tuple[bytes, Expected]:
    """A title over both columns, two columns of different text that begin at one height, a closing line under both."""
    left: Expected = [
        ("heading2", "左栏：怎样识别"),
        ("paragraph", ZH),
        ("paragraph", ZH2),
        ("heading2", "Left: how to tell"),
        ("paragraph", EN),
    ]
    right: Expected = [
        ("heading2", "右栏：怎样举报"),
        ("paragraph", ZH2),
        ("paragraph", ZH),
        ("heading2", "Right: how to report"),
        ("paragraph", EN2),
    ]
    title: Expected = [("heading1", "识别与举报：同一张展板上的两栏文字")]
    foot = "本展板由举报中心制作，欢迎各地展厅下载使用；如果你在现场发现二维码被贴纸覆盖，请告诉工作人员，我们会当场更换并记录这一情况。"
    source = (
        head()
        + plain(title)
        + f"#grid(columns: (1fr, 1fr), column-gutter: 14mm, [{plain(left)}], [{plain(right)}])\n\n"
        + escaped(foot)
    )
    return pdf(source), title + left + right + [("paragraph", foot)]


ROWS = [
    ["渠道", "Channel", "时间"],
    ["电话", "12377 hotline", "全天"],
    ["网站", "www.12377.cn", "全天"],
    ["邮件", "jubao at 12377.cn", "工作日"],
]
COUNTS = [["Year", "Reports", "Solved"], ["2024", "10,210", "9,876"], ["2025", "11,007", "10,532"], ["2026", "12,345", "11,999"]]


@cache
def table() -> tuple[bytes, Expected]:
    """A table with lines all around, one with lines above and below only, one with none; captions; a cell of two lines."""
    rows = [*ROWS, ["来访", "In person at the desk on the second floor of the east hall", "周一至周五"]]
    cells = ", ".join(f"[{escaped(cell)}]" for row in rows for cell in row)
    bare = ", ".join(f"[{escaped(cell)}]" for row in COUNTS for cell in row)
    parts: Expected = [
        ("heading1", "举报渠道"),
        ("paragraph", ZH),
        ("table", rows),
        ("caption", "表 1 全国举报渠道"),
        ("heading2", "Figures"),
        ("paragraph", EN2),
    ]
    source = head() + plain(parts[:2]) + f"#table(columns: (1fr, 2fr, 1fr), {cells})\n\n表 1 全国举报渠道\n\n" + plain(parts[4:])
    ruled = f"#table(columns: (1fr, 1fr, 1fr), stroke: none, table.hline(), {bare}, table.hline())\n\n"
    none = f"#grid(columns: (1fr, 1fr, 1fr), row-gutter: 0.9em, {bare})\n\n"
    end: Expected = [("table", COUNTS), ("paragraph", ZH2), ("table", COUNTS), ("paragraph", EN)]
    return pdf(source + ruled + plain([end[1]]) + none + plain([end[3]])), parts + end


@cache
def vertical() -> tuple[bytes, Expected]:
    """A Chinese title across the top; under it two paragraphs that run down, columns from right to left."""
    first, second = (
        ZH.replace("HTTPS", "网络").replace("App", "银行软件"),
        ZH2.replace("2026年", "今年").replace("12,345件", "一万余件"),
    )
    placed, column, size, deep = [], 0, 30, 20
    for text in (first, second):
        for start in range(0, len(text), deep):
            for row, char in enumerate(text[start : start + deep]):
                placed.append(f"#place(dx: {480 - column * 18}mm, dy: {120 + row * 11.4}mm)[{escaped(char)}]")
            column += 1
        column += 1
    source = head(size=size) + "= 直排展板：先人怎样防骗\n" + "\n".join(placed)
    return pdf(source), [("heading1", "直排展板：先人怎样防骗"), ("paragraph", first), ("paragraph", second)]


def pixels(width: int = 1200, height: int = 1700, kind: str = "PNG") -> bytes:
    held = io.BytesIO()
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image.paste("#b3261e", (width // 10, height // 10, width // 2, height // 4))
    image.save(held, kind)
    return held.getvalue()


@cache
def picture_only() -> tuple[bytes, Expected]:
    """A PDF that is one picture from edge to edge: no text in it at all."""
    held = io.BytesIO()
    Image.open(io.BytesIO(pixels())).convert("RGB").save(held, "PDF", resolution=72)
    return held.getvalue(), []


NOTES = "大家好，欢迎来到第三块展板。\n请先看左边的表格，再听一个真实的故事。"


@cache
def slides() -> tuple[bytes, list[Expected]]:
    """Two slides: Chinese with a list, a table and notes; English text boxes set out of order, and a picture with an alt text."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Mm(338.7), Mm(190.5)
    one = deck.slides.add_slide(deck.slide_layouts[1])
    one.shapes.title.text = "识别钓鱼短信"
    frame = one.placeholders[1].text_frame
    frame.text = "看清发件号码"
    frame.add_paragraph().text = "不点短链接 https://t.example"
    one.placeholders[1].left, one.placeholders[1].top, one.placeholders[1].width, one.placeholders[1].height = (
        Mm(20),
        Mm(45),
        Mm(140),
        Mm(60),
    )
    grid = one.shapes.add_table(2, 2, Mm(180), Mm(45), Mm(140), Mm(40)).table
    for row, cells in enumerate([["特征", "例子"], ["催促", "“10分钟内”"]]):
        for column, cell in enumerate(cells):
            grid.cell(row, column).text = cell
    one.notes_slide.notes_text_frame.text = NOTES
    two = deck.slides.add_slide(deck.slide_layouts[6])
    for text, left, top in (
        ("Second column, read last.", 180, 60),
        ("First column, read second.", 20, 60),
        ("A title in a text box", 20, 15),
    ):
        two.shapes.add_textbox(Mm(left), Mm(top), Mm(130), Mm(20)).text_frame.text = text
    picture = two.shapes.add_picture(io.BytesIO(pixels(300, 200)), Mm(20), Mm(110), Mm(60), Mm(40))
    picture._element.nvPicPr.cNvPr.set("descr", "A phone that shows a false bank message")
    held = io.BytesIO()
    deck.save(held)
    first: Expected = [
        ("heading1", "识别钓鱼短信"),
        ("list_item", "看清发件号码"),
        ("list_item", "不点短链接 https://t.example"),
        ("table", [["特征", "例子"], ["催促", "“10分钟内”"]]),
    ]
    second: Expected = [
        ("paragraph", "A title in a text box"),
        ("paragraph", "First column, read second."),
        ("picture", "A phone that shows a false bank message"),
        ("paragraph", "Second column, read last."),
    ]
    return held.getvalue(), [first, second]


@cache
def backwards() -> tuple[bytes, Expected]:
    """Arabic and Hebrew with numbers and Latin words in them."""
    parts: Expected = [
        ("paragraph", "لا تفتح الروابط التي تصلك من أرقام مجهولة، واتصل بالرقم 96110 قبل أن تدفع أي مبلغ."),
        ("paragraph", "אל תפתחו קישורים ממספרים לא מוכרים, והתקשרו למספר 96110 לפני שאתם משלמים."),
    ]
    source = head(lang="ar") + '#set text(font: "DejaVu Sans")\n' + parts[0][1] + '\n\n#set text(lang: "he")\n' + parts[1][1]
    return pdf(source), parts


def said(board: dict[str, Any]) -> Expected:
    """Returns what a board says in the shape of Expected."""
    return [
        (block["kind"], block["rows"][block["lang"]] if block["kind"] == "table" else block["text"][block["lang"]])
        for block in board["blocks"]
    ]


def write(folder: Path, name: str, body: bytes) -> Path:
    path = folder / name
    path.write_bytes(body)
    return path


def six() -> Sequence[tuple[str, bytes, list[Expected]]]:
    """The six boards of the issue: name, bytes, what each of its pages says."""
    pages = [("bilingual.pdf", *bilingual()), ("columns.pdf", *columns()), ("table.pdf", *table()), ("vertical.pdf", *vertical())]
    return [
        *((name, body, [told]) for name, body, told in pages),
        ("picture.pdf", picture_only()[0], [[]]),
        ("slides.pptx", *slides()),
    ]
