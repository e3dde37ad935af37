# calendar-multiget of three events of which one is gone, and of one only that is gone; calendar-query
# with and without a match.
. scenarios/calendar.inc
radicale_server
make_calendar
capture

report() # BODY
{
    dav_xml REPORT $calendar "$1" -u demo:demo -H 'Depth: 1' -A 'DemoCal/2.1'
}
multiget() # NAME...
{
    report "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<C:calendar-multiget xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><D:getetag/><C:calendar-data/></D:prop>$(printf '<D:href>/demo/work/%s</D:href>' "$@")</C:calendar-multiget>"
}
query() # COMPONENT START END
{
    report "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<C:calendar-query xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"$1\"><C:time-range start=\"$2\" end=\"$3\"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
}
multiget standup.ics gone.ics dentist.ics
multiget gone.ics
query VEVENT 20261101T000000Z 20261201T000000Z
query VEVENT 19990101T000000Z 19990201T000000Z
query VTODO 20261101T000000Z 20261201T000000Z
