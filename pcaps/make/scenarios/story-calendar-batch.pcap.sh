# Story: a calendar client changes several events in one batch, and the server refuses some of them.
bulk_server

url=http://dav.example:8008/calendars/demo/work/
event() # UID SUMMARY [EXTRA LINE]
{
    printf 'BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Calendar 1//EN\nBEGIN:VEVENT\nUID:%s\nDTSTAMP:20261122T080000Z\nDTSTART:20261124T090000Z\nDTEND:20261124T100000Z\nSUMMARY:%s\n%sEND:VEVENT\nEND:VCALENDAR\n' \
        "$1" "$2" "${3-}"
}
item() # HREF [IF-MATCH]; the event on standard input
{
    printf '<M:resource>'
    [ -z "$1" ] || printf '<D:href>%s</D:href>' "$1"
    [ -z "${2-}" ] || printf '<M:if-match>%s</M:if-match>' "$2"
    printf '<M:set><D:prop><C:calendar-data><![CDATA[%s]]></C:calendar-data></D:prop></M:set></M:resource>\n' "$(cat)"
}

capture
event standup@example 'Stand-up' >"$work/standup.ics"
event dentist@example 'Dentist' >"$work/dentist.ics"
event review@example 'Review' >"$work/review.ics"
for name in standup dentist review; do
    dav PUT $url$name.ics -A 'DemoCal/2.1' -H 'Content-Type: text/calendar; charset=utf-8' \
        --data-binary "@$work/$name.ics"
done
answer=$work/listing
propfind $url 1 '<?xml version="1.0"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>' \
    -A 'DemoCal/2.1'
etag=$(grep dentist "$answer" | grep -oE '"[0-9a-f]{16}"')
{
    echo '<?xml version="1.0" encoding="utf-8"?>'
    echo '<M:multiput xmlns:M="http://me.com/_namespace/" xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">'
    event standup@example 'Stand-up, now at the coffee machine' | item /calendars/demo/work/standup.ics
    event dentist@example 'Dentist, moved' | item /calendars/demo/work/dentist.ics "$etag"
    event review@example 'Review, changed meanwhile' | item /calendars/demo/work/review.ics '"0000000000000000"'
    event lunch@example 'Lunch with Jürgen' | item ''
    event standup@example 'A copy of the stand-up' | item /calendars/demo/work/standup-copy.ics
    printf 'BEGIN:VEVENT\nUID:broken@example\nSUMMARY:No calendar around me\nEND:VEVENT\n' | item ''
    event offsite@example 'Offsite' "DESCRIPTION:$(printf 'agenda %.0s' $(seq 400))
" | item ''
    echo '<M:resource><D:href>/calendars/demo/work/review.ics</D:href><M:delete/></M:resource>'
    echo '</M:multiput>'
} >"$work/batch.xml"
dav_xml POST $url "@$work/batch.xml" -A 'DemoCal/2.1'
