/* hex: hexadecimal digits, in either case. */
#pragma once

#include <stdint.h>

/* The value of a digit; -1: it is none. */
static inline int hex_value(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    uint8_t lower = byte | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
