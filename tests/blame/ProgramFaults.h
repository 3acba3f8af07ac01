// What a wrong compiler would write: a program with one mistake.
#pragma once

#include "core/program/Program.h"
#include "sdk/verify/Random.h"

#include <string>

namespace lathe::blame {

/// `program` with one fault chosen by `random`, and what it is: "instruction 12 (MATMUL ...) left
/// out". Every value stays within its field.
std::pair<Program, std::string> withFault(const Program &program, const Target &target,
                                          verify::Random &random);

} // namespace lathe::blame
