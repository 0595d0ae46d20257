// Makes models/METHOD-bandit-PULLS-ARMS of a run that train.jsh has left; run.json then lists 100 of its tasks:
//   ./metarl jshell experiments/rl2/store.jsh snail 100 5 1
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;

String name = "bandit-" + args[1] + "-" + args[2], to = "models/" + args[0] + "-" + name;
int pulls = Integer.parseInt(args[1]);
var test = TaskSet.of(Bandit.bernoulli(Integer.parseInt(args[2]))).train(20_000).test(1_000).sample(7).test();
TaskSet few;
try (var run = MetaRun.load("runs/rl2/" + name + "-" + args[0] + "-" + args[3])) {
    few = TaskSet.of(run.tasks().train().subList(0, 100), run.tasks().test().subList(0, 100));
    run.saveNetworks(to);
}
// 20,000 tasks would take two megabytes; a checksum is that of the text with zeros in its place
var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
Path description = Path.of(to, "run.json");
var node = (ObjectNode) json.readTree(description.toFile());
var tasks = (ObjectNode) node.at("/knobs/tasks");
tasks.set("train", json.valueToTree(few.train().stream().map(Task::values).toList()));
tasks.set("test", json.valueToTree(few.test().stream().map(Task::values).toList()));
tasks.put("hash", few.hash());
node.remove("lastEvaluation");
node.put("crc32c", "00000000");
String text = json.writeValueAsString(node) + "\n";
var sum = new java.util.zip.CRC32C();
sum.update(text.getBytes());
Files.writeString(description, text.replaceFirst("00000000", HexFormat.of().toHexDigits((int) sum.getValue())));
// the copy that says all of them again, and what kept others away meanwhile
Files.deleteIfExists(Path.of(to, node.get("checkpoint").asText(), "run.json"));
Files.deleteIfExists(Path.of(to, "metarl.lock"));
try (var files = Files.walk(Path.of(to))) { System.out.println(files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum() + " bytes in " + to); }
try (var run = MetaRun.load(to)) {
    var returns = run.shots(test, 1, pulls, 7).returns();
    System.out.println(Interval.ofMean(Arrays.stream(returns).mapToDouble(v -> v[0] * pulls).toArray(), 7) + " of " + pulls + " on " + test.size() + " unseen bandits");
}
