# A calendar client in a loop: each time it synchronises from the token it had at first, asks for an event that
# is long gone, and stores a copy of one that is there. And one account that may not see the other's calendar.
. scenarios/calendar.inc
radicale_server
make_calendar
capture

sync ''
first=$token
put_event retro 'Retrospective'
for _ in 1 2 3; do
    sync "$first"
    multiget standup.ics lunch.ics
    dav PUT ${calendar}copy.ics -u demo:demo -A "$agent" -H 'Content-Type: text/calendar; charset=utf-8' \
        --data-binary "BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Calendar 1//EN
BEGIN:VEVENT
UID:standup@example
DTSTAMP:20261122T080000Z
DTSTART:20261124T090000Z
DTEND:20261124T100000Z
SUMMARY:Copy of the stand-up
END:VEVENT
END:VCALENDAR
"
done
dav PUT http://dav.example:5232/ann/work/plan.ics -u demo:demo -A "$agent" -H 'Content-Type: text/calendar' --data-binary 'BEGIN:VCALENDAR'
