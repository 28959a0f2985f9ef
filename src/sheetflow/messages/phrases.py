"""Phrases that fill a space and say nothing, as agencies write them in place of a reason."""

from __future__ import annotations

import re

_FILLERS = (
    *("与实际相符", "没有问题", "实际情况", "如实填报", "本单位", "我单位", "无异常", "无问题"),
    *("核实", "核对", "核查", "查实", "复核", "确认", "属实", "无误", "正确", "正常", "准确"),
    *("情况", "数据", "数字", "填报", "报送", "同上", "见上", "确实", "如此", "已经", "以此为准"),
    *("我局", "我办", "我镇", "我委", "说明", "真实", "有效", "没有", "经", "已", "均", "是"),
    *("无", "的", "为", "系", "此", "该", "请", "OK", "ok"),
)
_FILLER = re.compile("|".join(sorted(map(re.escape, _FILLERS), key=len, reverse=True)))
_LEAST = 4
"""A reason has at least so many characters besides fillers."""


def says_something(reason: str) -> bool:
    """Whether a reason says more than 核实无误, 情况属实 and the like."""
    told = "".join(character for character in reason if character.isalnum())
    return len(_FILLER.sub("", told)) >= _LEAST
