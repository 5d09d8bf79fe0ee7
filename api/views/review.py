"""What the parties and everybody else see of reviews."""

from dataclasses import asdict
from typing import Any

from api.views.common import View
from api.views.person import neighbour
from hub.period import stamp
from hub.review import Review, Score
from hub.usecases.reviewing import ReviewPage, ReviewSheet


def review_sheet(sheet: ReviewSheet) -> View:
    """A round as one party reads it; of the other's words nothing before they are public."""
    return {
        "mine": _between(sheet.mine) if sheet.mine else None,
        "theirs": _between(sheet.theirs) if sheet.theirs else None,
        "closes_at": stamp(sheet.closes_at),
        "published": sheet.published,
        "allowed": list(sheet.allowed),
    }


def review_page(page: ReviewPage) -> View:
    """What is public. Stars of single reviews are as good as a score, so they wait for the third, too."""
    return {"reviews": [_public(one, page) for one in page.reviews], "score": score(page.score)}


def score(found: Score) -> View:
    return {"count": found.count, "stars": found.stars}


def _between(review: Review) -> View:
    """With the private thanks: only the two of them see this."""
    return _words(review) | {"skipped": review.skipped, "stars": _stars(review), "thanks": review.verdict.thanks}


def _public(review: Review, page: ReviewPage) -> View:
    author = page.authors.get(review.author)
    stars = _stars(review) if page.score.stars else None
    return _words(review) | {"author": neighbour(author) if author else None, "stars": stars}


def _words(review: Review) -> View:
    reply = review.reply
    return {
        "id": review.id,
        "role": review.role.value,
        "tags": list(review.verdict.tags),
        "text": review.verdict.text,
        "reply": {"text": reply.text, "at": stamp(reply.at)} if reply else None,
        "at": stamp(review.at),
    }


def _stars(review: Review) -> dict[str, Any] | None:
    return asdict(review.verdict.stars) if review.verdict.stars else None
