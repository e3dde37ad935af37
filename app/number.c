/* Text arrives, numbers leave; see number.h. */
#include "app/number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t size_factors[] = {1 << 10, 1 << 20, 1 << 30, (uint64_t)1 << 40};
static const uint64_t duration_factors[] = {1, 60, 60 * 60, 24 * 60 * 60};

const struct number_units number_sizes = {"kmgt", size_factors};
const struct number_units number_durations = {"smhd", duration_factors};
const struct number_units number_plain = {"", NULL};

bool number_read(const char *text, const struct number_units *units, uint64_t max, uint64_t *out)
{
    char *end;
    if (!isdigit((unsigned char)text[0]))
        return false;
    unsigned long long number = strtoull(text, &end, 10);
    const char *unit = *end ? strchr(units->letters, tolower((unsigned char)*end)) : NULL;
    uint64_t factor = unit ? units->factors[unit - units->letters] : 1;
    const char *rest = unit ? end + 1 : end;
    if (*rest || number == 0 || number > max / factor)
        return false;
    *out = number * factor;
    return true;
}
