"""The quick look at how deep markup may nest never says less than the count of every tag."""

import re

from hypothesis import given
from hypothesis import strategies as st

from rollcall.items import markup

TAGS = """<div> </div> <b> </b> <td> </td> <table> </table> <tr> <p> <br/> <td <TD> <font/a='>'>
</p> <tdx> <li/> x <!-- -->
<script> </script> <P/> <i <svg/>"""
TAG = st.sampled_from((*TAGS.split(), "<p\n>", "<li >", "<font a='>'>"))


@given(st.lists(TAG, max_size=60).map("".join), st.integers(0, 12))
def test_the_quick_look_agrees(text: str, limit: int) -> None:
    quick, markup._NESTING = markup._NESTING, re.compile("<")
    try:
        counted = markup.nests_deeper(text, limit)
    finally:
        markup._NESTING = quick
    assert markup.nests_deeper(text, limit) == counted
