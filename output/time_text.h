/* time_text: capture times and durations for people and records. Times are UTC: a capture knows no
 * time zone, and its reader may sit in another one. */
#pragma once

#include <stdint.h>

enum { TIME_TEXT_BYTES = 40 };

/* "2026-01-02T03:04:05.123Z" with 0 to 9 digits of the second, the rest dropped. */
void time_text_iso(int64_t time_ns, unsigned n_digits, char out[TIME_TEXT_BYTES]);

/* "2026-01-02 03:04:05". */
void time_text_date(int64_t time_ns, char out[TIME_TEXT_BYTES]);

/* "850 us", "12.3 ms", "12.3 s", "4 min 12 s", "3 h 5 min", "2 d 4 h". */
void time_text_duration(uint64_t duration_ns, char out[TIME_TEXT_BYTES]);
