"""Phrases that fill a space and say nothing, as agencies write them in place of a reason."""

from __future__ import annotations

import re

from sheetflow.model.characters import nfkc

_FILLERS = """
与实际相符 没有问题 实际情况 如实填报 以此为准 无异常 无问题 不清楚 核实 核对 核查 查实 复核
审核 检查 确认 属实 无误 正确 正常 准确 真实 有效 完整 一致 情况 数据 数字 填报 报送 所填
所报 同上 见上 如上 上述 以上 说明 附件 详见 待查 待核 暂无 没有 确实 如此 已经 再次 多次
反复 认真 逐项 电话 全部 属于 不详 本单位 我单位 本局 我局 我办 我镇 我委 我们 不知道 无 的
为 系 此 该 请 经 已 均 是 都 见 略 NULL NONE OK NA
"""
_FILLER = re.compile("|".join(sorted(map(re.escape, _FILLERS.split()), key=len, reverse=True)))
_LEAST, _LEAST_BESIDES = 4, 2
"""A reason has so many characters, and so many different ones that are neither filler nor digit."""


def says_something(reason: str) -> bool:
    """Whether a reason says more than 核实无误, 情况属实 and the like."""
    plain = nfkc(reason).upper()
    told = "".join(character for character in plain if character.isalnum())
    besides = {c for c in _FILLER.sub("", told) if not c.isdigit()}
    return len(told) >= _LEAST and len(besides) >= _LEAST_BESIDES
