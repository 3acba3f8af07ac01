#include "core/description/IsaProcess.h"

using namespace lathe;

IsaProcessResult lathe::runIsaReader(llvm::StringRef input, const IsaReaderOptions &options) {
  std::string program = options.program.empty()
                            ? findChildProgram("lathe-isa-reader", LATHE_ISA_READER)
                            : options.program;
  return runChild(program, input, options.limits);
}
