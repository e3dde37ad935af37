# Cyrus: calendars made and refused, an event twice under one UID, one that is none, protected properties,
# multigets with what is gone and in a form it has not, synchronisation with a deletion, a stale token and a
# page that the client does not continue, another user's calendar, and a listing over HTTP/2.
calendar=http://dav.example/dav/calendars/user/ann/work/
. scenarios/calendar.inc
cyrus_server
capture

home=http://dav.example/dav/calendars/user/ann
xml='<?xml version="1.0" encoding="utf-8"?>'
names='xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"'
as_ann=(-u ann:ann -A "$agent")
put() # NAME UID
{
    dav PUT $calendar$1.ics "${as_ann[@]}" -H 'Content-Type: text/calendar; charset=utf-8' --data-binary \
        "$(printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar 1//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20261122T080000Z\r\nDTSTART:20261124T090000Z\r\nDTEND:20261124T100000Z\r\nSUMMARY:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' "$2" "$1")"
}
report() { dav_xml REPORT $calendar "$1" "${as_ann[@]}" "${@:2}"; }

dav_xml MKCALENDAR $calendar "$xml<C:mkcalendar $names><D:set><D:prop><D:displayname>Work</D:displayname></D:prop></D:set></C:mkcalendar>" "${as_ann[@]}"
dav_xml MKCALENDAR $home/plans/ "$xml<C:mkcalendar $names><D:set><D:prop><D:displayname>Plans</D:displayname><D:getetag>x</D:getetag></D:prop></D:set></C:mkcalendar>" "${as_ann[@]}"
dav_xml MKCOL $home/trips/ "$xml<D:mkcol $names><D:set><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype><D:getetag>x</D:getetag></D:prop></D:set></D:mkcol>" "${as_ann[@]}"
for name in standup dentist review; do put $name $name@example; done
put copy standup@example
dav PUT ${calendar}broken.ics "${as_ann[@]}" -H 'Content-Type: text/calendar' --data-binary 'no calendar'
dav_xml PROPPATCH $calendar "$xml<D:propertyupdate $names><D:set><D:prop><D:displayname>New</D:displayname><D:getetag>x</D:getetag></D:prop></D:set></D:propertyupdate>" "${as_ann[@]}"
multiget standup.ics gone.ics
report "$xml<C:calendar-multiget $names><D:prop><D:getetag/><C:calendar-data content-type=\"text/x-plan\"/></D:prop><D:href>/dav/calendars/user/ann/work/standup.ics</D:href></C:calendar-multiget>" -H 'Depth: 1'
sync ''
dav DELETE ${calendar}dentist.ics "${as_ann[@]}"
sync "$token"
sync data:,1-1-1
report "$xml<D:sync-collection $names><D:sync-token/><D:sync-level>1</D:sync-level><D:limit><D:nresults>1</D:nresults></D:limit><D:prop><D:getetag/></D:prop></D:sync-collection>"
sync "$token"
query VTODO 20261101T000000Z 20261201T000000Z
report "$xml<D:expand-property $names><D:property name=\"current-user-principal\"><D:property name=\"displayname\"/></D:property></D:expand-property>"
printf '%s\n' 'a login admin admin' 'b setacl "user.ann.#calendars.work" bob lr9' | on_cyrus_imap >>"$work/imap.log"
dav PUT ${calendar}theirs.ics -u bob:bob -A "$agent" -H 'Content-Type: text/calendar' --data-binary 'no calendar'
dav DELETE ${calendar}review.ics -u bob:bob -A "$agent"
propfind $home/ 1 "$xml<D:propfind $names><D:prop><D:displayname/><D:resourcetype/></D:prop></D:propfind>" "${as_ann[@]}" --http2-prior-knowledge
