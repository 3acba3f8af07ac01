// The table of verbs: what `lathe help` lists and main dispatches on.
#pragma once

#include "sdk/cli/Session.h"

namespace lathe::cli {

using Words = llvm::ArrayRef<std::string>;

struct Verb {
  llvm::StringLiteral name; ///< "run"; "target list" has two words
  llvm::StringLiteral usage;
  llvm::StringLiteral summary;
  llvm::StringLiteral examples; ///< one command a line
  ExitCode (*run)(Session &session, const Verb &verb, Words arguments);
};

llvm::ArrayRef<Verb> verbs();
const Verb *findVerb(llvm::StringRef name);
/// The table as text: what `lathe help` prints.
void listVerbs(llvm::raw_ostream &out);

// One file each.
ExitCode runCheck(Session &session, const Verb &verb, Words arguments);
ExitCode runShow(Session &session, const Verb &verb, Words arguments);
ExitCode runCompile(Session &session, const Verb &verb, Words arguments);
ExitCode runExplain(Session &session, const Verb &verb, Words arguments);
ExitCode runRun(Session &session, const Verb &verb, Words arguments);
ExitCode runImport(Session &session, const Verb &verb, Words arguments);
ExitCode runTest(Session &session, const Verb &verb, Words arguments);
ExitCode runVerify(Session &session, const Verb &verb, Words arguments);
ExitCode runBuild(Session &session, const Verb &verb, Words arguments);
ExitCode runNewTarget(Session &session, const Verb &verb, Words arguments);
ExitCode runNewKernel(Session &session, const Verb &verb, Words arguments);
ExitCode runDump(Session &session, const Verb &verb, Words arguments);
ExitCode runAssemble(Session &session, const Verb &verb, Words arguments);
ExitCode runDisasm(Session &session, const Verb &verb, Words arguments);
ExitCode runGenerate(Session &session, const Verb &verb, Words arguments);
ExitCode runPack(Session &session, const Verb &verb, Words arguments);
ExitCode runDoc(Session &session, const Verb &verb, Words arguments);
ExitCode runTargetList(Session &session, const Verb &verb, Words arguments);
ExitCode runDoctor(Session &session, const Verb &verb, Words arguments);
ExitCode runCompletion(Session &session, const Verb &verb, Words arguments);
ExitCode runHelp(Session &session, const Verb &verb, Words arguments);
ExitCode runVersion(Session &session, const Verb &verb, Words arguments);

} // namespace lathe::cli
