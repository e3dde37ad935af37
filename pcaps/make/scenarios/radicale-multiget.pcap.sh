# calendar-multiget of three events of which one is gone, and of one only that is gone; calendar-query
# with and without a match.
. scenarios/calendar.inc
radicale_server
make_calendar
capture

multiget standup.ics gone.ics dentist.ics
multiget gone.ics
query VEVENT 20261101T000000Z 20261201T000000Z
query VEVENT 19990101T000000Z 19990201T000000Z
query VTODO 20261101T000000Z 20261201T000000Z
