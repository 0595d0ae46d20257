// Damaged model descriptions: 20 000 mutants of three models, loaded, simulated, edited and drawn in a process of their own. What is asked: that process lives, every mutant ends
// in a model or in an exception of the documented kinds, and none takes more than 20 s to load. Needs the test classes that the build compiles.
int models = 20_000, seed = 1;
var classes = Path.of("toolkit/mujoco-java/target/test-classes");
if (!Files.exists(classes.resolve("org/mujoco/ModelFuzz.class"))) throw new IllegalStateException("the test classes are not there: run ./metarl test first");
var command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m", "-Djava.awt.headless=true", "-Dmujoco.compile.seconds=3", "-Dmujoco.compile.memory=500",
    "-cp", String.join(java.io.File.pathSeparator, "toolkit/mujoco-java/target/classes", classes.toString(), "toolkit/metarl/target/lib/*"), "org.mujoco.ModelFuzz", "" + models, "" + seed);
long start = System.nanoTime();
var process = new ProcessBuilder(command).redirectErrorStream(true).start();
process.inputReader().lines().filter(line -> line.matches("\\d+ damaged.*|FAILURE.*|the process.*")).forEach(System.out::println);
int exit = process.waitFor();
System.out.println(String.format(Locale.ROOT, "exit status %d after %.0f s", exit, (System.nanoTime() - start) / 1e9));
if (exit != 0) throw new IllegalStateException("the process did not live");
