"""Rooms, bookings, and the half hours that a booking takes: no two bookings can have the same one."""

from django.db import models
from django.db.models import F, Q

from gongheng.registers.venues.kinds import Purpose, ReleaseCause, RoomKind
from gongheng.web.models import Row


class Room(Row):
    """A room or desk that is booked as a whole, kept by the centre of its region."""

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=RoomKind.choices())
    address = models.CharField(max_length=200)
    seats = models.PositiveSmallIntegerField()
    equipment = models.CharField(max_length=300, blank=True)
    is_remote = models.BooleanField(default=False)
    closed_because = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by_name = models.CharField(max_length=60)

    class Meta:
        """A centre has one room of a name."""

        constraints = (
            models.UniqueConstraint(fields=["region_code", "name"], name="venues_room_once"),
            models.CheckConstraint(condition=Q(seats__gt=0), name="venues_room_has_seats"),
        )

    @property
    def is_closed(self) -> bool:
        """Tell whether nobody may book it."""
        return bool(self.closed_because)


class Booking(Row):
    """A room for some hours: of a lot's case, or the centre's own (no ``case_code``).

    Never deleted: ``released_at`` says that it ended before its hours, ``release_cause`` why.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings")
    purpose = models.CharField(max_length=10, choices=Purpose.choices())
    case_code = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=600)
    tenderer_code = models.CharField(max_length=18, blank=True)
    agency_code = models.CharField(max_length=18, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    booked_by = models.UUIDField()
    booked_by_name = models.CharField(max_length=60)
    organisation_name = models.CharField(max_length=200)
    booked_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    release_cause = models.CharField(max_length=12, choices=ReleaseCause.choices(), blank=True)
    release_note = models.CharField(max_length=300, blank=True)
    released_by_name = models.CharField(max_length=60, blank=True)

    class Meta:
        """A booking has hours, and a released one says why."""

        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="venues_hours"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, release_cause="")
                | (Q(released_at__isnull=False) & ~Q(release_cause="")),
                name="venues_released_for_a_cause",
            ),
        )
        indexes = (
            models.Index(fields=["room", "starts_at"], name="venues_of_room"),
            models.Index(fields=["case_code", "-booked_at"], name="venues_of_case"),
        )

    @property
    def stands(self) -> bool:
        """Tell whether the room is still theirs."""
        return self.released_at is None


class Slot(Row):
    """A half hour of a room that a standing booking takes; gone when the booking is released."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="+")
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()

    class Meta:
        """The fence against two bookings of one room at one time, in any PostgreSQL."""

        constraints = (
            models.UniqueConstraint(
                fields=["region_code", "room", "starts_at"], name="venues_half_hour_once"
            ),
        )
