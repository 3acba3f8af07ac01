// A place in a file, as text: outlives the file.
#pragma once

#include <string>

namespace lathe {

/// `line` and `column` count from 1; 0 means the file as a whole.
struct Place {
  std::string file; ///< empty for the command line
  unsigned line = 0;
  unsigned column = 0;
  std::string sourceLine; ///< the text of that line, for the caret
};

} // namespace lathe
