"""A person as all neighbours see them."""

from dataclasses import asdict

from api.views.common import View
from api.views.person import neighbour
from api.views.review import score
from hub.usecases.profiles import Profile


def profile(found: Profile) -> View:
    """Names, since when they are here, whether the e-mail is confirmed, what came of their rentals; nothing private."""
    return neighbour(found.user) | {
        "member_since": found.user.created_at.date().isoformat(),
        "verified": found.user.email_verified,
        "reviews": score(found.score),
        "reliability": asdict(found.reliability),
    }
