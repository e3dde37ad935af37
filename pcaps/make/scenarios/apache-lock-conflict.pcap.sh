# A folder cannot be locked for its whole depth because somebody holds a file in it.
mkdir -p "$www/team/minutes"
echo text >"$www/team/agenda.txt"
echo text >"$www/team/minutes/may.odt"
apache
capture

url=http://dav.example/team/
token=$(lock ${url}minutes/may.odt)
lock $url -H 'Depth: infinity' >/dev/null
lock ${url}minutes/may.odt >/dev/null
dav PUT ${url}minutes/may.odt --data-binary 'new minutes'
dav UNLOCK ${url}minutes/may.odt -H "Lock-Token: <$token>"
lock $url -H 'Depth: infinity' >/dev/null
dav PUT ${url}agenda.txt --data-binary 'new agenda'
