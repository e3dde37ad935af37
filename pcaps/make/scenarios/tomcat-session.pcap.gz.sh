# Tomcat's WebDAV servlet: a walk through all methods.
. scenarios/tour.inc
tomcat_server
capture
tour http://dav.example:8130
