# MKCALENDAR: made, refused because it is there, refused inside a calendar, refused for a broken body.
. scenarios/calendar.inc
radicale_server
capture

mkcalendar() # URL BODY
{
    dav_xml MKCALENDAR $1 "$2" -u demo:demo -A "$agent"
}
good='<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>Familie Müller</D:displayname></D:prop></D:set></C:mkcalendar>'
mkcalendar $calendar "$good"
mkcalendar $calendar "$good"
mkcalendar ${calendar}inner/ "$good"
mkcalendar ${calendar%work/}broken/ '<C:mkcalendar'
propfind ${calendar%work/} 1 '<?xml version="1.0"?><D:propfind xmlns:D="DAV:" xmlns:A="http://apple.com/ns/ical/"><D:prop><D:displayname/><D:resourcetype/><A:calendar-color/></D:prop></D:propfind>' \
    -u demo:demo -A "$agent"
dav_xml PROPPATCH $calendar '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:getetag>"x"</D:getetag><D:displayname>Work</D:displayname></D:prop></D:set></D:propertyupdate>' \
    -u demo:demo -A "$agent"
dav_xml REPORT $calendar '<?xml version="1.0"?><D:principal-property-search xmlns:D="DAV:"><D:property-search><D:prop><D:displayname/></D:prop><D:match>ann</D:match></D:property-search><D:prop><D:displayname/></D:prop></D:principal-property-search>' \
    -u demo:demo -A "$agent"
dav DELETE $calendar -u demo:demo -A "$agent"
