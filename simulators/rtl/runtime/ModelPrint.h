// Included ahead of every file of the simulator's own runtime: its printf writes to the model's
// log.
#pragma once

#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
int latheModelPrint(const char *format, ...);

#define VL_PRINTF latheModelPrint
