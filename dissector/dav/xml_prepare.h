/* xml_prepare: what libxml2's parsers share, made by who owns the process. A program that parses in
 * several threads calls it before those begin. Nothing in the dissector does by itself: inside
 * another host the library belongs to that. */
#pragma once

void xml_prepare(void);
