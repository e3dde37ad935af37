# What sabre/dav refuses: PROPPATCH of a protected property, extended MKCOL with a property it will not
# set, MKCALENDAR where something is already, a calendar where no calendar may be, no password.
calendar=http://dav.example:8084/calendars/demo/work/
. scenarios/calendar.inc
sabre_server
make_calendar
capture

dav_xml PROPPATCH $calendar '<?xml version="1.0" encoding="utf-8"?>
<D:propertyupdate xmlns:D="DAV:" xmlns:A="http://apple.com/ns/ical/"><D:set><D:prop><D:displayname>Work 2026</D:displayname><A:calendar-color>#3366ccff</A:calendar-color></D:prop></D:set><D:set><D:prop><D:getetag>"x"</D:getetag></D:prop></D:set></D:propertyupdate>' \
    -u demo:demo -A "$agent"
dav_xml PROPPATCH $calendar '<?xml version="1.0" encoding="utf-8"?>
<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>Work 2026</D:displayname></D:prop></D:set></D:propertyupdate>' \
    -u demo:demo -A "$agent"
mkcol() # PATH
{
    dav_xml MKCOL http://dav.example:8084/$1 '<?xml version="1.0" encoding="utf-8"?>
<D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:Z="http://ns.example/z/"><D:set><D:prop><D:resourcetype><D:collection/></D:resourcetype><D:displayname>Folder</D:displayname><D:getetag>"x"</D:getetag></D:prop></D:set></D:mkcol>' \
        -u demo:demo -A "$agent"
}
mkcol files/papers
mkcol calendars/demo/private
make_calendar
calendar=http://dav.example:8084/files/calendar/
dav_xml MKCALENDAR $calendar '<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>Misplaced</D:displayname></D:prop></D:set></C:mkcalendar>' \
    -u demo:demo -A "$agent"
propfind http://dav.example:8084/calendars/ 1 '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:displayname/></D:prop></D:propfind>'
report '<?xml version="1.0"?><D:sync-collection xmlns:D="DAV:"><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>'
