# sabre/dav (1.8): listing of a calendar home, multiget with and without missing events (it answers 404
# to the whole), queries with and without a match. Every body ends with its connection.
calendar=http://dav.example:8084/calendars/demo/work/
. scenarios/calendar.inc
sabre_server
make_calendar
capture

propfind ${calendar%work/} 1 '<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/"><D:prop><D:resourcetype/><D:displayname/><CS:getctag/><A:calendar-color/><C:supported-calendar-component-set/><D:sync-token/></D:prop></D:propfind>' \
    -u demo:demo -A "$agent"
multiget standup.ics gone.ics dentist.ics also-gone.ics
multiget gone.ics
query VEVENT 20261101T000000Z 20261201T000000Z
query VEVENT 19990101T000000Z 19990201T000000Z
