# Xandikos: sync-collection first, delta, deletion and a token it never gave; multiget with a missing
# event; a query.
calendar=http://dav.example:8090/demo/calendars/calendar/
. scenarios/calendar.inc
xandikos_server
for name in standup dentist review; do put_event $name "Event $name"; done
capture

sync ''
put_event standup 'Stand-up at nine'
put_event retro 'Retrospective'
sync "$token"
dav DELETE ${calendar}dentist.ics -A "$agent"
sync "$token"
sync "$token"
sync 0123456789abcdef0123456789abcdef01234567
multiget standup.ics gone.ics retro.ics
query VEVENT 20261101T000000Z 20261201T000000Z
propfind $calendar 1 '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/><D:resourcetype/><D:getcontenttype/><D:displayname/></D:prop></D:propfind>' -A "$agent"
