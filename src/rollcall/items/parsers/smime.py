"""S/MIME and other CMS envelopes (.p7m, .p7s): what is signed or compressed is read, not what is encrypted."""

import functools
from collections.abc import Iterator

from rollcall.items import cms
from rollcall.items.parser import Fault, Inner, Limits, Parser, Yield
from rollcall.items.readable import Readable

_HEAD = 4096


def looks_like(untrusted: Readable) -> bool:
    """Decide by the type the envelope names first."""
    return bool(cms.kind_of(untrusted.read_at(0, _HEAD)))


def parse(untrusted: Readable, limits: Limits) -> Iterator[Yield]:
    """Yield what is inside; a signature alone has nothing inside and is no problem."""
    if cms.kind_of(untrusted.read_at(0, _HEAD)) == "encrypted":
        yield Fault(code="encrypted_smime", detail="encrypted to a certificate")
        return
    if untrusted.size > limits.max_bytes:
        yield Fault(code="too_large", detail="envelope")
        return
    try:
        content = cms.content(untrusted.read_at(0, untrusted.size), limits.max_bytes)
    except ValueError as error:
        yield Fault(code="corrupt", detail=f"envelope: {error}")
        return
    if content is not None:
        yield Inner(locator="content", kind="member", size=len(content), chunks=functools.partial(iter, (content,)))


PARSER = Parser(name="smime", version=1, media_types=("application/pkcs7-mime",), looks_like=looks_like, parse=parse)
