"""Rollcall reads compromised mailboxes and says whose data was in them.

The process, in the order in which facts are made (each folder is named for the facts it makes):

    evidence -> items -> findings -> mentions -> individuals -> views

`evidence` registers and hashes what was handed over; `items` opens it, content once, and splits it into parts;
`findings` marks each data element at its place; `mentions` puts together the findings that speak of one person in
one place; `individuals` resolves mentions to people; `views` are SQL over those facts and the recorded decisions.
`pipeline` runs all of it in order; read that first.
"""

__version__ = "0.1.0"
