"""Readable pages for people who build clients or run a hub."""


def protocol_page() -> str:
    return ""


def errors_page() -> str:
    return ""


def settings_page() -> str:
    return ""
