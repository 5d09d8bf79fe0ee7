"""Rows of the table: rentals."""

from typing import Final

from api.asks import rental as asks
from api.protocol.act import READ, WRITE, act
from api.views import rental as views
from hub.usecases import booking, changing

ACTS: Final = (
    act("rental:inquire", "POST /v1/rentals/inquiries", asks.InquireRental, booking.inquire_rental, ("device",),
        (WRITE,), views.applied, "Ask about a thing: opens a room with its first roster.", status=201),
    act("rental:request", "POST /v1/rentals", asks.RequestRental, booking.request_rental, ("device",), (WRITE,),
        views.applied, "Ask for a thing on terms: opens a room with its first roster.", status=201),
    act("rental:book", "POST /v1/rentals/bookings", asks.BookRental, booking.book_rental, ("device",), (WRITE,),
        views.applied, "Take a thing whose owner need not be asked: opens a room with its first roster.", status=201),
    act("offer:book", "POST /v1/rentals/{rental}/book", asks.BookInquiry, booking.book_inquiry, ("renter",), (WRITE,),
        views.applied, "The same in the room of an inquiry."),
    act("offer:make", "POST /v1/rentals/{rental}/offers", asks.MakeOffer, booking.make_offer, ("party",), (WRITE,),
        views.applied, "The first offer in an inquiry: the renter requests, the owner proposes."),
    act("offer:counter", "POST /v1/rentals/{rental}/offers/{rev}/counter", asks.CounterOffer, booking.counter_offer,
        ("party",), (WRITE,), views.applied, "Answer the other side's offer with other terms."),
    act("offer:revise", "POST /v1/rentals/{rental}/offers/{rev}/revise", asks.ReviseOffer, booking.revise_offer,
        ("party",), (WRITE,), views.applied, "Replace one's own offer before it is answered."),
    act("offer:accept", "POST /v1/rentals/{rental}/offers/{rev}/accept", asks.AcceptOffer, booking.accept_offer,
        ("party",), (WRITE,), views.applied, "Agree: the calendar keeps the units from this moment on."),
    act("rental:decline", "POST /v1/rentals/{rental}/decline", asks.DeclineRental, booking.decline_rental, ("owner",),
        (WRITE,), views.applied, "The owner says no."),
    act("rental:withdraw", "POST /v1/rentals/{rental}/withdraw", asks.WithdrawRental, booking.withdraw_rental,
        ("renter",), (WRITE,), views.applied, "The renter no longer asks."),
    act("rental:meet", "POST /v1/rentals/{rental}/prerequisites/{kind}", asks.MeetPrerequisite,
        booking.meet_prerequisite, ("party",), (WRITE,), views.applied,
        "Say that a prerequisite is met: contract and briefing the renter, identity the owner. Money is payments'."),
    act("rental:quote_cancel", "GET /v1/rentals/{rental}/cancel", asks.QuoteCancel, changing.quote_cancel, ("party",),
        (READ,), views.cancel_quote, "What cancelling now would cost who asks."),
    act("rental:cancel", "POST /v1/rentals/{rental}/cancel", asks.CancelRental, booking.cancel_rental, ("party",),
        (WRITE,), views.applied, "Undo an agreement before hand-over; the calendar lets go of the units."),
    act("rental:get", "GET /v1/rentals/{rental}", asks.GetRental, booking.get_rental, ("party",), (READ,),
        views.rental, "A rental with what one may do now."),
    act("rental:list", "GET /v1/rentals", asks.ListRentals, booking.list_rentals, ("member",), (READ,), views.rentals,
        "One's rentals, the most recently changed first."),
    act("rental:place", "GET /v1/rentals/{rental}/place", asks.ReadPlace, booking.read_place, ("party",), (READ,),
        views.place, "The exact place: from confirmation on, withdrawn on cancel; each read is logged."),
)  # fmt: skip
