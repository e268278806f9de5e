"""The codes a Problem may carry, what each means for the list, and what a person can do about it.

Three kinds of failure are never mixed: a *Problem* (the evidence; a row; the run goes on), a `CaseError` (a person can
fix it: a sentence, no traceback, an exit code of the contract), and a bug (a traceback; fix the code).
"""

import enum

import msgspec


class Code(msgspec.Struct, frozen=True):
    """One code: what happened, what to do, and whether content (so people) may be missing because of it."""

    meaning: str
    what_to_do: str
    loses: bool = True  # False: everything was read; the note stands for the record


UNMAPPED = "unmapped_columns"  # raised once for a layout, not for a content

CODES: dict[str, Code] = {
    "encrypted": Code(
        "The file is protected by a password, and none was found.",
        "Ask the sender or the custodian; put it into a file, one on a line, and run again with --passwords FILE.",
    ),
    "wrong_password": Code(
        "The file is protected by a password; none of those found or given opens it.",
        "Ask the sender or the custodian; put it into a file, one on a line, and run again with --passwords FILE.",
    ),
    "unsupported_encryption": Code(
        "The file is protected in a way no reader here can undo, whatever the password.",
        "Open it by hand with the program that made it, save it without protection, and register the copy.",
    ),
    "encrypted_smime": Code(
        "The mail is encrypted to a certificate (S/MIME); its text and attachments were not read.",
        "Ask the recipient or the mail administrator to open it and export it in clear, and register the copy.",
    ),
    "encrypted_pgp": Code(
        "The mail or file is encrypted with PGP; it was not read.",
        "Ask the recipient to decrypt it with their key, and register the copy.",
    ),
    "rights_managed": Code(
        "The mail or document is rights-managed; its content was not read.",
        "Have an administrator remove the protection (a super user or an eDiscovery export), and register the copy.",
    ),
    "held_in_portal": Code(
        "The mail is only a notice; the message itself is kept in a secure-mail portal.",
        "Have the recipient or the portal's administrator export the message, and register it.",
    ),
    "linked_not_included": Code(
        "A file was shared as a link; it is not in the mail and was not read.",
        "Export the linked files from the storage service, and register their folder as a source.",
    ),
    "corrupt": Code(
        "The file is damaged and could not be read.", "Ask the custodian or the mail system for another copy."
    ),
    "truncated": Code(
        "The file ends before its own structure does.", "Export it again; what stood before the cut was read."
    ),
    "volume_missing": Code(
        "The archive is one of several volumes; what lies in the others was not read.",
        "Find the other volumes (.z01, .part2.rar, .002), unpack all together by hand, and register what comes out.",
    ),
    "unknown_format": Code(
        "No reader knows this kind of file.", "Open it by hand and record what it holds, or sign it off."
    ),
    "unsupported": Code(
        "The format is known, its reader is not built yet.", "Open it by hand, or run a later version."
    ),
    "not_yet_read": Code(
        "The file is registered; this version has no stage that reads it.", "Keep it; a later version reads it."
    ),
    "needs_ocr": Code(
        "The page is a picture; its text was not read.",
        "Run again without --no-ocr, or raise max_ocr_pages in case.toml [policy].",
    ),
    "low_score": Code(
        "Much of what is written on a picture was read not for sure, or not at all.",
        "Look at the picture and compare its text.",
    ),
    "few_low_scores": Code(
        "A few words of a picture are not sure, or marks on it could not be made out; the rest was read.",
        "Compare with the picture where it matters.",
        loses=False,
    ),
    "few_letters": Code(
        "A picture holds a few unsure letters and no number, as logos and signatures do; in many mails, it is empty.",
        "Look at it once: it is listed as low_score as long as it is not in many mails.",
        loses=False,
    ),
    "no_text": Code(
        "The picture holds no text, so it counts as empty.", "Nothing, unless you can see words on it.", loses=False
    ),
    "needs_tool": Code(
        "A program or package that is not installed is needed to read it.", "Install what is named and run again."
    ),
    "audio_not_read": Code(
        "The file is a recording, such as voicemail; nobody has listened to it.",
        "Listen to it, and record whom it speaks of.",
    ),
    "too_large": Code(
        "The content is over the size this case allows.", "Raise the limit in case.toml [policy] and run again."
    ),
    "too_deep": Code(
        "Containers are nested deeper than this case allows.", "Unpack it by hand, or raise the limit in case.toml."
    ),
    "archive_loop": Code("The archive holds itself.", "Nothing more can be in it; sign it off."),
    "bomb": Code(
        "The content grows out of proportion when opened.", "Treat it as hostile; sign it off or open it in isolation."
    ),
    "timed_out": Code(
        "Reading took longer than this case allows.", "Raise the limit in case.toml [policy] and run again."
    ),
    "out_of_memory": Code(
        "Reading needed more memory than a worker may use.", "Raise the limit in case.toml [policy] and run again."
    ),
    "crashed": Code(
        "The reader died three times on this content.", "Open it by hand in isolation; report the kind of file."
    ),
    "parser_failed": Code("The reader stopped with an error.", "Open it by hand; report the kind of file."),
    "partial": Code("Part of the content could not be read.", "Compare with the original at the place named."),
    "undecodable": Code(
        "Some characters could not be decoded and were replaced.", "Compare with the original at the place named."
    ),
    "second_reader": Code(
        "The first reader failed; another one read the content.", "Compare with the original.", loses=False
    ),
    "defect": Code(
        "The message breaks the mail standard; all of it was read.", "Nothing, unless it looks wrong.", loses=False
    ),
    "bad_date": Code(
        "A date is missing or cannot be true; it is kept as written.",
        "Date the message by its neighbours.",
        loses=False,
    ),
    "missing_source": Code(
        "A registered source is no longer there.", "Bring it back to its path, or register its new place."
    ),
    "changed_source": Code(
        "A registered source is not what it was when registered.", "Restore the original; find out who changed it."
    ),
    "unreadable_source": Code("The source could not be opened.", "Check permissions and the disk, then run again."),
    "not_fetched": Code(
        "Mail on a server could not be fetched.",
        "Run again with the same imap:// address: it goes on where it was. If it stays, ask who runs the server.",
    ),
    "not_followed": Code(
        "A link or a special file stands in the evidence; what it leads to was not read.",
        "Register what it leads to if it is evidence too, or sign it off.",
    ),
    "skipped_row": Code("A row of a table could not be taken apart.", "Look at the row in the original."),
    UNMAPPED: Code(
        "Columns of a table of people look like data of people, and what they hold is not known.",
        "Open a table of this layout, look at the columns named, and tell us what they hold; or sign it off where they "
        "are nobody's data.",
    ),
    "duplicate_message_id": Code(
        "Two different messages carry one Message-ID.", "Both were read; mind it when joining logs.", loses=False
    ),
    "orphaned_decision": Code("A decision no longer finds the place it was made for.", "Look at it and decide again."),
    "internal_error": Code(
        "Rollcall itself failed on this content.", "Report it; until it is mended open the content by hand."
    ),
}


class Exit(enum.IntEnum):
    """Exit codes of the contract."""

    DONE = 0
    BUG = 1
    USAGE = 2
    OPEN_PROBLEMS = 3
    NOTHING_OPENED = 4
    KEY_NEEDED = 5
    NO_ROOM = 6
    CERTIFICATE = 7
    VERIFICATION = 8
    INTERRUPTED = 130


class CaseError(Exception):
    """A person can fix it. `str()` says what and where, what it means for the list, and the next step."""

    def __init__(self, message: str, exit_code: Exit = Exit.USAGE) -> None:
        super().__init__(message)
        self.exit_code = exit_code
