"""Numbers that belong to a person and must not be published: identity, mobile, bank card.

Messages show the last two digits only, because reports of a pull request are public too.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from plugins.catalogue.folded_text import normalized
from plugins.catalogue.problem import Problem

# It begins with what it looks for, so that the search can leap from digit to digit.
_DIGITS: Final = re.compile(r"[0-9](?<![0-9]{2})(?:[ \-·.]?[0-9]){9,21}(?:[ \-·.]?[xX])?(?![0-9])")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11643: weights of the first seventeen digits of an identity number."""
_MOBILE: Final = re.compile(r"(?:86)?1[3-9][0-9]{9}")


def check_personal_data(
    path: str, lines: Sequence[tuple[int, str]], official: Collection[str]
) -> Iterator[Problem]:
    """Personal numbers in the numbered `lines`.

    `official` are the telephone numbers that the school or the register declares, digits only;
    these may be repeated anywhere.
    """
    if not _DIGITS.search(normalized("\n".join(line for _, line in lines))):
        return
    for number, line in lines:
        if not _DIGITS.search(unicodedata.normalize("NFKC", line)):
            continue
        plain = "".join(unicodedata.normalize("NFKC", c)[:1] for c in line)
        for found in _DIGITS.finditer(plain):
            digits = re.sub(r"[^0-9xX]", "", found.group())
            column = found.start() + 1
            tail = f"……{digits[-2:]}"
            if is_identity_number(digits):
                yield Problem(
                    path, number, "personal-identity-number", "error",
                    f"这里有身份证号码（{tail}）", "删掉。网站上不能有任何人的身份证号码",
                    column=column,
                )  # fmt: skip
            elif is_bank_card(digits):
                yield Problem(
                    path, number, "personal-bank-card", "error",
                    f"这里有银行卡号（{tail}）", "删掉。缴费办法请写“以学校的正式通知为准”",
                    column=column,
                )  # fmt: skip
            elif _MOBILE.fullmatch(digits) and digits[-11:] not in official:
                yield Problem(
                    path, number, "personal-mobile-number", "error",
                    f"这里有手机号码（{tail}）",
                    "个人的号码删掉；学校公开的招生手机写到 contacts 的 phone",
                    column=column,
                )  # fmt: skip


def is_identity_number(digits: str) -> bool:
    """Eighteen places with a real date of birth and the right check digit (GB 11643)."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9xX]", digits):
        return False
    try:
        born = dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return 1900 <= born.year <= 2100 and "10X98765432"[total % 11] == digits[-1].upper()


def is_bank_card(digits: str) -> bool:
    """Sixteen to nineteen digits of a bank's range that pass Luhn's check (ISO/IEC 7812)."""
    if not re.fullmatch(r"(?:62|4|5[1-5]|35|9[0-9])[0-9]{14,17}", digits) or len(digits) > 19:
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and len(digits) >= 16
