"""Refusals that come from the doors themselves, before or around an act."""

from typing import Final, NamedTuple


class DoorCode(NamedTuple):
    code: str
    where: str
    meaning: str


DOOR_CODES: Final = (
    DoorCode("bad_json", "ack", "The event is no JSON, or nests deeper than 16."),
    DoorCode("bad_payload", "ack", "An event is `[name, {…}]`: exactly one object."),
    DoorCode("unknown_event", "ack", "No such event; nothing was done."),
    DoorCode("timeout", "ack", "Not answered in time: the outcome is unknown, send the same again."),
    DoorCode("version", "CONNECT_ERROR", "Speak a protocol version between `min` and `max`."),
    DoorCode("too_many_sockets", "CONNECT_ERROR", "Close another connection first."),
    DoorCode("unknown_namespace", "CONNECT_ERROR", "The namespace is `/hub`."),
    DoorCode("connect_timeout", "CONNECT_ERROR", "No CONNECT within eight seconds, or the hub was too busy."),
    DoorCode("draining", "bye", "This worker is leaving: connect again, at once."),
    DoorCode("token_expired", "bye", "No fresh token came within 30 s of the old one's end."),
    DoorCode("session_revoked", "bye", "Signed out elsewhere: sign in again."),
    DoorCode("ping_timeout", "bye", "No answer to a ping for 20 s."),
    DoorCode("bad_frames", "bye", "Five frames that made no sense."),
    DoorCode("binary_refused", "bye", "Frames are text; bytes travel as base64url."),
    DoorCode("disconnected", "bye", "The hub ends this connection."),
    DoorCode("route_unknown", "HTTP 404", "No such route."),
    DoorCode("method_not_allowed", "HTTP 405", "`Allow` names those that are."),
    DoorCode("body_too_slow", "HTTP 408", "The body did not arrive in time."),
    DoorCode("too_large", "HTTP 413", "Bodies end at 64 kB, for messages and sync 160 kB, photos 10 MB, files 26 MB."),
    DoorCode("json_expected", "HTTP 415", "The body must be `application/json`."),
    DoorCode("range_not_satisfiable", "HTTP 416", "There is nothing in that stretch of the file."),
    DoorCode("https_required", "HTTP 403", "Acts are refused over plain HTTP outside this machine."),
)
