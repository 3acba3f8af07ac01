// From RTL to a model's shared library, in a folder of its own.
#pragma once

#include "simulators/rtl/ModelSpec.h"
#include "simulators/rtl/PortContract.h"
#include "simulators/rtl/RtlSources.h"
#include "simulators/rtl/Subprocess.h"

namespace lathe {

/// The name of the finished library and of what Verilator said, in the folder.
inline constexpr llvm::StringLiteral kModelFile = "model.so";
inline constexpr llvm::StringLiteral kVerilatorLog = "verilator.log";
/// What Icarus Verilog runs, beside the library that drives it.
inline constexpr llvm::StringLiteral kIcarusFile = "model.vvp";

/// Builds one model, step by step. Every step reports what went wrong and says so by false.
class ModelBuilder {
public:
  /// `compiler`: the C++ compiler. `folder`: an empty folder with a free path; no space is needed.
  ModelBuilder(const ModelSpec &spec, const RtlSources &sources, const CacheOptions &options,
               std::string compiler, std::string folder, Diagnostics &diagnostics)
      : spec(spec), sources(sources), options(options), compiler(std::move(compiler)),
        folder(std::move(folder)), diagnostics(diagnostics) {}

  /// RTL to C++: copies the sources, refuses what is unsafe, runs Verilator, checks the ports.
  bool generate();
  /// C++ to objects of this model. Needs generate().
  bool compile(llvm::StringRef verilatorInclude);
  /// Links the model with the runtime's objects and removes everything but the result and the log.
  bool link(llvm::ArrayRef<std::string> runtimeObjects);

  /// The objects of one part of the runtime, which all models share.
  ///   files   of Verilator's include folder, without .cpp, and of ours ("ModelLog")
  bool compileRuntime(llvm::ArrayRef<std::string> files, llvm::StringRef verilatorInclude);

private:
  bool writeRuntimeTexts();
  bool writeSources();
  bool preprocess();
  bool writeBridge();
  bool explainBridge(llvm::StringRef log);
  bool verilate();
  bool checkGenerated();
  bool writeTables(const PortSizes &sizes);
  bool compileForIcarus(const PortSizes &sizes);
  std::vector<std::string> verilatorArguments(bool ofBridge) const;
  void addFiles(Command &command);
  std::vector<std::string> compilerArguments(llvm::StringRef verilatorInclude,
                                             llvm::StringRef level) const;
  std::vector<std::string> writeUnits();
  bool write(llvm::StringRef name, llvm::StringRef text);
  bool run(llvm::ArrayRef<Command> commands, llvm::StringRef what, bool quietFailure = false);
  std::string firstErrorLine(llvm::StringRef log) const;
  std::string read(llvm::StringRef name) const;
  std::string in(llvm::StringRef name) const { return folder + "/" + name.str(); }
  void say(llvm::StringRef what) const;

  const ModelSpec &spec;
  const RtlSources &sources;
  const CacheOptions &options;
  std::string compiler;
  std::string folder;
  Diagnostics &diagnostics;
  std::vector<std::string> objects; ///< of the model, fast ones first
};

} // namespace lathe
