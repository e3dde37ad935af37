/* Compares with a pattern, then counts days; see date.h. */
#include "output/date.h"

/* A letter of the pattern stands for any letter, 0 for a digit, + for a sign. */
static bool has_form(struct span text, const char *form)
{
    for (size_t i = 0; i < text.len || form[i] != '\0'; i++) {
        if (i >= text.len || form[i] == '\0')
            return false;
        uint8_t c = text.ptr[i];
        bool is_digit = c >= '0' && c <= '9', is_letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        bool fits = form[i] == '0'   ? is_digit
                    : form[i] == 'a' ? is_letter
                    : form[i] == '+' ? c == '+' || c == '-'
                                     : c == (uint8_t)form[i];
        if (!fits)
            return false;
    }
    return true;
}

static int64_t number_at(struct span text, size_t at, size_t n_digits)
{
    int64_t number = 0;
    for (size_t i = at; i < at + n_digits; i++)
        number = number * 10 + (text.ptr[i] - '0');
    return number;
}

/* From 1; 0: there is no such month. */
static int64_t month_at(struct span text, size_t at)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    for (size_t i = 0; i < 12; i++)
        if (span_equal_nocase(span_first(span_after(text, at), 3), span_of(names + 3 * i, 3)))
            return (int64_t)i + 1;
    return 0;
}

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Whole days between 1970-01-01 and the first day of a year. */
static int64_t days_before_year(int64_t year)
{
    int64_t n = year - 1; /* complete years since the year 1 */
    return n * 365 + n / 4 - n / 100 + n / 400 - 719162;
}

static bool read_day(int64_t year, int64_t month, int64_t day, int64_t *seconds)
{
    static const int days_before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    if (year == 0 || month == 0 || month > 12 || day == 0 || day > 31)
        return false;
    int64_t days = days_before_year(year) + days_before_month[month - 1] + day - 1;
    days += month > 2 && is_leap(year);
    *seconds = days * 86400;
    return true;
}

/* Of "08:49:37". */
static int64_t seconds_at(struct span text, size_t at)
{
    return number_at(text, at, 2) * 3600 + number_at(text, at + 3, 2) * 60 +
           number_at(text, at + 6, 2);
}

bool date_read_http(struct span text, int64_t *seconds)
{
    if (!has_form(text, "aaa, 00 aaa 0000 00:00:00 GMT"))
        return false;
    if (!read_day(number_at(text, 12, 4), month_at(text, 8), number_at(text, 5, 2), seconds))
        return false;
    *seconds += seconds_at(text, 17);
    return true;
}

bool date_is_mail(struct span text)
{
    return has_form(text, "aaa, 00 aaa 0000 00:00:00 +0000");
}

bool date_read_internet(struct span text, int64_t *seconds)
{
    static const char form[] = "0000-00-00a00:00:00";
    if (!has_form(span_first(text, sizeof form - 1), form))
        return false;
    struct span zone = span_after(text, sizeof form - 1);
    if (zone.len > 1 && zone.ptr[0] == '.')
        for (zone = span_after(zone, 1); zone.len > 0 && zone.ptr[0] >= '0' && zone.ptr[0] <= '9';)
            zone = span_after(zone, 1);
    bool is_offset = has_form(zone, "+00:00");
    if (!is_offset && !has_form(zone, "a"))
        return false;
    if (!read_day(number_at(text, 0, 4), number_at(text, 5, 2), number_at(text, 8, 2), seconds))
        return false;
    int64_t ahead = is_offset ? number_at(zone, 1, 2) * 3600 + number_at(zone, 4, 2) * 60 : 0;
    *seconds += seconds_at(text, 11) + (is_offset && zone.ptr[0] == '-' ? ahead : -ahead);
    return true;
}
