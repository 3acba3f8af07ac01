#include "sdk/cli/Verb.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe::cli;

static constexpr Verb kVerbs[] = {
    {"new target", "new target NAME [--in DIR] [--ports contract|axi4] [--from-core FILE.core]",
     "writes a plugin folder that works as it is, to be changed into your own",
     "lathe new target my_array && lathe check my_array && lathe verify my_array\n"
     "lathe new target my_array --in targets\n"
     "lathe new target my_array --ports axi4  # a manager on AXI4, bound by the manifest\n"
     "lathe new target my_array --from-core multiplier.core  # with the RTL of a FuseSoC core",
     runNewTarget},
    {"new kernel", "new kernel NAME [--in DIR]", "writes NAME.lathe, a kernel to be changed",
     "lathe new kernel dense\n"
     "lathe new kernel dense --in my_array/kernels",
     runNewKernel},
    {"check", "check [PATH...]", "checks plugins, machine files and kernels; runs no simulator",
     "lathe check                              # the plugins that a search finds\n"
     "lathe check my_array/                    # a plugin folder with all its machines\n"
     "lathe check gemm.lathe conv.lathe",
     runCheck},
    {"show", "show TARGET[@MACHINE] [isa|machine|rules] [--format text|json|md|dot|sv]",
     "prints a target as the compiler sees it",
     "lathe show my_array isa                  # intrinsics, operands, encodings\n"
     "lathe show my_array@edge machine --json\n"
     "lathe show my_array isa --format sv      # the opcode package for the RTL",
     runShow},
    {"compile", "compile KERNEL -t TARGET[@MACHINE] [-o PROGRAM] [--size N=512 ...]",
     "compiles a kernel and says where each statement runs",
     "lathe compile gemm.lathe -t my_array --size M=512 --size N=512 --size K=512 -o gemm.lprog\n"
     "lathe compile gemm.lathe -t my_array --size M=64 --size N=64 --size K=64 --emit assembly\n"
     "lathe compile net.lathe -t my_array --in x=x.npy --require-offload 90",
     runCompile},
    {"explain", "explain KERNEL -t TARGET[@MACHINE] [--all | --count] [--size N=512 ...]",
     "says for every statement and intrinsic why it maps, how well, or why not",
     "lathe explain gemm.lathe -t my_array --size M=100 --size N=10 --size K=30\n"
     "lathe explain net.lathe -t my_array --in x=x.npy --json\n"
     "lathe explain conv.lathe -t my_array --size H=14 --size W=14 --count",
     runExplain},
    {"run", "run KERNEL|PROGRAM -t TARGET[@MACHINE] [--on reference|model|rtl] [--in T=FILE ...]",
     "runs a kernel on the reference, the functional model or the RTL",
     "lathe run gemm.lathe -t my_array --on rtl --in x=x.npy --in w=w.npy --out y=y.npy --compare\n"
     "lathe run gemm.lathe -t my_array --on rtl --size M=512 --size N=512 --size K=512 --seed 1\n"
     "lathe run gemm.lprog -t my_array --on model --in x=x.npy --in w=w.npy --json\n"
     "lathe run copy.lasm -t my_array --on rtl --size M=100 --seed 1 --compare",
     runRun},
    {"import", "import FILE.mlir [--constants DIR]",
     "prints the kernels of an MLIR file in index notation",
     "lathe import net.mlir\n"
     "lathe import net.mlir --constants weights/",
     runImport},
    {"test",
     "test [PATH...] [-t TARGET] [--filter TEXT] [--shard K/N] [--jobs N] [--format F] [--junit "
     "FILE]",
     "runs the tests of plugins and kernels (tests/*.yaml)",
     "lathe test targets/my_array\n"
     "lathe test targets --filter gemm --jobs 2 --junit results.xml\n"
     "lathe test targets --shard 1/4\n"
     "lathe test my_array --format github --isa-coverage isa.json --rtl-coverage rtl.info\n"
     "lathe test mine.yaml -t my_array         # tests that are in no plugin",
     runTest},
    {"verify", "verify TARGET[@MACHINE] [--class CLASS] [--case POINT] [--subset] [--time-limit S]",
     "checks the RTL against the description by programs made from the description alone",
     "lathe verify my_array\n"
     "lathe verify my_array --subset --junit verify.xml\n"
     "lathe verify my_array --class hazard --jobs 2\n"
     "lathe verify my_array --case 'field/LOAD/dst=max'",
     runVerify},
    {"dump", "dump KERNEL -t TARGET[@MACHINE] --stage N [--size N=512 ...]",
     "prints a kernel at one of the compiler's levels",
     "lathe dump gemm.lathe -t my_array --size M=64 --size N=64 --size K=64 --stage 3\n"
     "lathe dump net.lathe -t my_array --in x=x.npy --stage 4",
     runDump},
    {"assemble", "assemble PROGRAM.lasm -t TARGET[@MACHINE] [-o PROGRAM] [--size N=512 ...]",
     "makes a program file from a program in assembly",
     "lathe assemble copy.lasm -t my_array -o copy.lprog\n"
     "lathe assemble copy.lasm -t my_array --size M=100 --emit assembly   # loops unrolled",
     runAssemble},
    {"disasm", "disasm PROGRAM|WORDS -t TARGET[@MACHINE]",
     "prints the instructions of a program file, or of words in hexadecimal",
     "lathe disasm gemm.lprog -t my_array\n"
     "lathe disasm 0x1007800c00000040 -t my_array",
     runDisasm},
    {"build", "build TARGET[@MACHINE] [-o MODEL.so] [--trace]",
     "builds the RTL model of a target ahead of its first run",
     "lathe build my_array                     # into the cache\n"
     "lathe build my_array@edge -o edge.so     # the C interface of LatheModel.h",
     runBuild},
    {"doc", "doc TARGET[@MACHINE] [-o DIR] [--example KERNEL --size N=16 ...] [--measure]",
     "writes a target's manual in HTML and Markdown",
     "lathe doc my_array                       # my_array-manual/my_array.html and .md\n"
     "lathe doc my_array -o manual --example gemm.lathe --size M=8 --size N=8 --size K=8\n"
     "lathe doc my_array@edge --format html --measure",
     runDoc},
    {"generate", "generate TARGET[@MACHINE] sv|c|editor [-o PATH]",
     "prints the opcode package or a C header with encoders, or sets up an editor",
     "lathe generate my_array sv -o rtl/my_array_pkg.sv\n"
     "lathe generate my_array@edge c > my_array.h\n"
     "lathe generate my_array editor -o my_array  # YAML schemas, TableGen's include folder",
     runGenerate},
    {"pack", "pack PLUGIN [-o FILE.deb] [--maintainer 'NAME <MAIL>']",
     "makes a Debian package of a plugin",
     "lathe pack my_array/\n"
     "lathe pack my_array -o my_array.deb --maintainer 'A. Vendor <a@vendor.example>'",
     runPack},
    {"target list", "target list", "lists the targets that a search finds, broken ones too",
     "lathe target list\n"
     "lathe target list --plugin ~/my_array --json",
     runTargetList},
    {"doctor", "doctor", "checks tools, cache folder, disk space and plugins",
     "lathe doctor\n"
     "lathe doctor --json",
     runDoctor},
    {"completion", "completion SHELL", "prints a script that completes commands in a shell",
     "source <(lathe completion bash)\n"
     "lathe completion fish > ~/.config/fish/completions/lathe.fish",
     runCompletion},
    {"help", "help [VERB|CODE]", "explains a verb, or a message by its code",
     "lathe help\n"
     "lathe help run\n"
     "lathe help L0101",
     runHelp},
    {"version", "version", "prints the version",
     "lathe version\n"
     "lathe version --json",
     runVersion},
};

llvm::ArrayRef<Verb> lathe::cli::verbs() { return kVerbs; }

const Verb *lathe::cli::findVerb(llvm::StringRef name) {
  const Verb *found = llvm::find_if(kVerbs, [&](const Verb &verb) { return verb.name == name; });
  return found == std::end(kVerbs) ? nullptr : found;
}
