"""Untrusted content is opened in children that hold no key, no path and no network.

    worker (holds the key)  <- facts, requests --  child (reads one source's contents, confined)
        |  starts, by exec                           ^
        +--------------->  server (no key)  -- fork -+

The worker says which content to open and hands over descriptors of what the content lies in; the child streams facts
back. `client` is the worker's end and `child` the other, `wire` what they say, `checks` what the worker believes of it,
`host` what a child may ask for, `confine` what a child gives up before it sees a byte.
"""
