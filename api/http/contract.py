"""The PDF of a contract, for its two parties."""

import hashlib
from typing import Final

from quart import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from api.address import caller
from api.contract_page import contract_pdf
from api.gate import Gate
from api.http.bearer import member_of_request
from api.limit import Limit, check_limits
from hub.ids import ID, RentalId
from hub.ports import Ports
from hub.usecases.contracts import GetContract, get_contract

LIMIT: Final = Limit("contract", 30, 60, "user")


def contract_routes(ports: Ports, gate: Gate) -> Blueprint:
    """``/v1/rentals/{rental}/contract.pdf``, with the access token of a party."""
    blueprint = Blueprint("contract", __name__)

    @blueprint.get("/v1/rentals/<rental>/contract.pdf")
    async def contract(rental: str) -> Response:
        actor = await member_of_request(ports, gate)
        if not ID.fullmatch(rental):
            raise NotFound
        ip = caller(request.remote_addr or "")
        await check_limits(ports.limiter, (LIMIT,), actor=actor, ip=ip, command=None)
        sheet = await get_contract(ports, actor, GetContract(RentalId(rental)))
        return _answer(await contract_pdf(sheet, ports.policy.village), rental)

    return blueprint


def _answer(pdf: bytes, rental: str) -> Response:
    etag = hashlib.blake2b(pdf, digest_size=12).hexdigest()
    known = request.if_none_match.contains(etag)
    response = Response(b"" if known else pdf, 304 if known else 200, content_type="application/pdf")
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response.headers["Content-Disposition"] = f'inline; filename="{rental}.pdf"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(etag)
    return response
