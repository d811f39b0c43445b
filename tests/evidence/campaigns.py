"""Made-up campaigns of deceit and the messages that people would report of them: in two languages, each sent in many versions."""

from __future__ import annotations

import hashlib
import hmac
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from showground.evidence import cluster, lookalike, observables, sketch, text

KEY = b"a desk key for tests, 32 bytes.."
NAMES = lookalike.read_names("examplebank.test = Example Bank, 样例银行\nparcelpost.example = Parcel Post\n")
_ENGLISH = {
    "who": ("Parcel Post", "Example Bank", "Tax Office", "Your Phone Shop", "Energy Co", "City Council",
            "Stream TV", "Toll Road", "Job Agency", "Lottery Fund"),
    "what": (
        "your parcel could not be delivered because the address is incomplete", "your account has been limited after an unusual sign-in",
        "you are owed a refund that expires soon", "your last payment was declined by your bank", "you have an unpaid toll from last week",
        "you were chosen for a part-time job from home", "your subscription ends today unless you renew", "a new device was added to your profile",
        "your rebate for this winter is ready to be claimed", "your number has won one of the main prizes", "a fine was issued for your vehicle",
        "your child has lost the phone and uses this number now",
    ),
    "why": (
        "to avoid it being returned to the sender", "before we have to close it for your protection", "so that we can pay it out without delay",
        "or a fee will be added to your bill", "as places are few and given to the first who answer", "because our records have changed",
        "since the office closes for the holidays", "as the new law of this year demands", "or your contract will end tonight",
    ),
    "how": (
        "please confirm your details at {link}", "update your card here {link}", "reply YES and open {link}", "call {phone} or visit {link}",
        "follow the steps on {link} now", "write to us on WhatsApp {phone}", "pay the small fee of {amount} at {link}", "log in at {link} and check",
    ),
    "end": ("Thank you.", "The service team", "This is an automatic message.", "Do not share this message.", "Reply STOP to end.", "Kind regards"),
}  # fmt: skip
_CHINESE = {
    "who": ("样例快递", "样例银行", "样例税务", "样例电信", "样例电力", "样例社保", "样例视频", "样例高速", "样例招聘", "样例商城"),
    "what": (
        "您的包裹因收件地址不完整而无法派送", "您的账户因异地登录已被临时冻结", "您有一笔退税款尚未领取即将过期", "您的会员今日到期将自动扣费",
        "您的车辆通行卡已经停用需要重新认证", "您的社保卡信息过期将被停用", "您已被选中参加居家兼职每天可得报酬", "您的积分即将清零可以兑换礼品",
        "您的快递在运输途中损坏我们将双倍赔付", "您的手机号码获得抽奖活动的一等奖", "您的电费已经欠缴将于今晚停电",
        "您的孩子手机坏了请加这个号码联系",
    ),
    "why": (
        "为避免影响您的正常使用", "逾期将按无人认领处理退回", "以免影响您的个人信用记录", "根据今年最新的管理规定", "因系统升级需要重新核实",
        "名额有限先到先得", "节假日期间窗口不办理业务", "否则将产生滞纳金由您承担", "请在二十四小时以内完成",
    ),
    "how": (
        "请点击{link}更新资料", "请登录{link}办理验证", "请致电{phone}联系客服处理", "请打开{link}填写银行卡信息", "请添加微信：{account}领取",
        "点击{link}支付{amount}元手续费", "请加QQ：{number}对接", "复制链接{link}到浏览器打开",
    ),
    "end": ("退订回T", "感谢您的配合", "祝您生活愉快", "如已办理请忽略", "切勿将短信转发他人", "客服中心"),
}  # fmt: skip
_SWAPS = (
    {
        "please": "kindly",
        "confirm": "verify",
        "your": "the",
        "Thank you.": "Thanks.",
        "update": "renew",
        "now": "today",
        "before": "or",
    },
    {"请": "烦请", "您的": "你的", "无法": "不能", "点击": "点", "更新": "修改", "办理": "完成", "需要": "须"},
)
_SHARED = ("https://forms.example/f/{slug}", "https://short.example/{slug}", "https://files.example/d/{slug}")


@dataclass(frozen=True)
class Message:
    """One reported message and the campaign that it truly belongs to."""

    ref: str
    campaign: int
    language: str
    text: str


@dataclass
class _Campaign:
    number: int
    language: str
    words: list[str]
    domains: list[str]
    shared: bool
    phone: str
    account: str
    turns: float  # how often a sender moves on to a fresh domain


def _campaign(number: int, chance: random.Random) -> _Campaign:
    language = "en" if number % 2 else "zh"
    said = _ENGLISH if language == "en" else _CHINESE
    words = [chance.choice(said[part]) for part in ("who", "what", "why", "how", "end")]
    slug = "".join(chance.choice("bcdfghklmnprstvz") + chance.choice("aeiou") for _ in range(4))
    domains = [f"{slug}{turn or ''}.{chance.choice(('example', 'test', 'invalid'))}" for turn in range(chance.choice((1, 1, 2, 4)))]
    phone = f"+4477009{chance.randrange(10**5):05d}" if language == "en" else f"139{chance.randrange(10**8):08d}"
    return _Campaign(
        number, language, words, domains, chance.random() < 0.2, phone, f"{slug}_{number}", chance.choice((0.0, 0.0, 0.02))
    )


def _said(campaign: _Campaign, chance: random.Random) -> str:
    """Returns one version of a campaign's message, as a reporter pastes it."""
    who, what, why, how, end = campaign.words
    host = chance.choice(campaign.domains)
    if chance.random() < campaign.turns:
        host = f"{chance.randrange(10**6)}-{host}"
    link = f"https://{host}/{chance.choice(('', 'a', 'login', 'v'))}{chance.randrange(10**4)}"
    if campaign.shared:
        link = chance.choice(_SHARED).format(slug=f"{campaign.account}{chance.randrange(3)}")
    link = chance.choice((link, link, link, link.replace("http", "hxxp").replace(".", "[.]"), link.replace("https://", "")))
    facts = {"link": link, "phone": campaign.phone, "amount": f"{chance.randrange(1, 5)}.{chance.randrange(100):02d}",
             "account": campaign.account, "number": str(900000000 + campaign.number * 7919)}  # fmt: skip
    greeting = (
        chance.choice(("", "Dear customer, ", "Hi, ", f"{chance.choice('ABCDEFG')}lex, ")) if campaign.language == "en" else ""
    )
    if campaign.language == "en":
        return f"{who}: {greeting}{what}. {_mutated(why, campaign, chance).capitalize()}, {how.format(**facts)}. {end}"
    return f"【{who}】{_mutated(what, campaign, chance)}，{_mutated(why, campaign, chance)}，{how.format(**facts)}。{end}"


def _mutated(words: str, campaign: _Campaign, chance: random.Random) -> str:
    """Returns words with a synonym, a slip of the keyboard or a changed ending, as senders and reporters leave them."""
    for word, other in _SWAPS[campaign.language == "zh"].items():
        if chance.random() < 0.15:
            words = words.replace(word, other)
    if chance.random() < 0.1 and len(words) > 6:
        at = chance.randrange(len(words) - 1)
        words = words[:at] + words[at + 1] + words[at] + words[at + 2 :]
    return words


def messages(count: int, campaigns: int, seed: int) -> list[Message]:
    """Returns messages of campaigns of very different sizes, in the order of arrival; at least two of each."""
    chance = random.Random(seed)
    every = [_campaign(number, chance) for number in range(campaigns)]
    sizes = [chance.paretovariate(1.2) for _ in every]
    drawn = [*every, *every, *chance.choices(every, sizes, k=count - 2 * campaigns)]
    chance.shuffle(drawn)
    return [Message(f"r{place}", one.number, one.language, _said(one, chance)) for place, one in enumerate(drawn)]


def item(message: Message) -> cluster.Item:
    """Returns a message as the desk hands it to clustering: keys as HMACs, a sketch under the key."""
    told = {"kind": "text", "text": message.text, "text_sha256": hashlib.sha256(message.text.encode()).hexdigest()}
    told |= text.read(message.text, names=NAMES)
    keys = [cluster.Key(one["type"], _hmac(one["type"], one["value"]), one["weak"]) for one in observables.flat(told, NAMES)]
    return cluster.Item(message.ref, tuple(keys), sketch.of(message.text, KEY))


def _hmac(kind: str, value: str) -> str:
    return hmac.new(KEY, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()


def measured(groups: Sequence[Sequence[str]], truth: dict[str, int]) -> dict[str, float]:
    """Returns precision and recall over pairs of messages: of those put together how many belong together, and the reverse."""
    both = sum(_pairs(n) for group in groups for n in Counter(truth[ref] for ref in group).values())
    together = sum(_pairs(len(group)) for group in groups)
    belong = sum(_pairs(n) for n in Counter(truth.values()).values())
    return {"precision": round(both / max(1, together), 5), "recall": round(both / max(1, belong), 5)}


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
