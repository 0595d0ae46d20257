// Many small CSV logs, whole and damaged, against Python's csv module and float(): a log that is read holds exactly what Python reads; one that is not is refused with a sentence.
// Counted: files whose every row is read, files with bad rows (there rows = rounds + bad rows, and the rounds are rows of Python's), refusals. Anything else is an error of ours.
// ./metarl bench csv runs 20,000 files; METARL_FILES sets another number.
import com.fasterxml.jackson.databind.*;
import java.nio.charset.StandardCharsets;

String[] texts = {"x", "\"a, b\"", "\"say \"\"hi\"\"\"", "\"two\nlines\"", "\"\"", "", "5\" wide", " blank ", "é", "#x", "\"1,2\r\n3;4\"", "-", "0"};
String[] pieces = {"\"", "\"\"", "\n", "\r", "\r\n", ",", ";", "\0", "#", "\\", " ", "\u0001", "1", "x", "-", "e", "\n\n", "\ufeff", "\",\"", "\"\n\"", "_", "d", "0x", "inf", "\u00a0"};

String log(Random random, char delimiter) {
    String end = new String[] {"\n", "\r\n", "\r"}[random.nextInt(3)];
    boolean first = random.nextBoolean();
    var text = new StringBuilder(random.nextInt(5) == 0 ? "# a note" + end : "");
    text.append((first ? "text,action,reward,propensity" : "action,reward,propensity,text").replace(',', delimiter)).append(end);
    for (int rows = 1 + random.nextInt(40); rows > 0; rows--) {
        String note = texts[random.nextInt(texts.length)];
        double reward = random.nextInt(4) == 0 ? Math.scalb(random.nextDouble(), random.nextInt(2_000) - 1_000) : random.nextGaussian();
        String number = random.nextInt(5) == 0 ? "  " + (float) random.nextGaussian() + " " : random.nextInt(5) == 0 ? "\"" + reward + "\"" : "" + reward;
        String numbers = random.nextInt(3) + "" + delimiter + number + delimiter + (1 + random.nextInt(1000)) / 1000.0;
        text.append(first ? note + delimiter + numbers : numbers + delimiter + note);
        if (rows > 1 || random.nextBoolean()) text.append(random.nextInt(30) == 0 ? "\n" : end);
        if (random.nextInt(40) == 0) text.append(end);
    }
    return text.toString();
}

byte[] damaged(Random random, byte[] bytes) {
    for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 1; i--) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1), piece = new String(pieces[random.nextInt(pieces.length)].getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        int at = random.nextInt(bytes.length), to = Math.min(bytes.length, at + 1 + random.nextInt(30));
        bytes = (switch (random.nextInt(5)) {
            case 0 -> text.substring(0, at) + (char) (text.charAt(at) ^ 1 << random.nextInt(8)) + text.substring(at + 1);
            case 1 -> text.substring(0, at) + text.substring(to);
            case 2 -> text.substring(0, to) + text.substring(at);
            case 3 -> text.substring(0, at + 1);
            default -> text.substring(0, at) + piece + text.substring(at);
        }).getBytes(StandardCharsets.ISO_8859_1);
    }
    return bytes;
}

Double number(JsonNode cell) {
    return cell.get(1).isNull() ? null : Double.valueOf(cell.get(1).asText());
}

/** What differs between a log and Python's records; null if nothing does. */
String difference(BanditLog found, JsonNode records, boolean whole) {
    if (records.isNull()) return "read, though it is not UTF-8";
    var names = new ArrayList<String>();
    records.get(0).forEach(c -> names.add(c.get(0).asText().replaceAll("[\\p{C}\\p{Z}]", "").toLowerCase()));
    int action = names.indexOf("action"), reward = names.indexOf("reward"), propensity = names.indexOf("propensity");
    if (action < 0 || reward < 0 || propensity < 0) return null;
    var rows = new ArrayList<JsonNode>();
    for (int i = 1; i < records.size(); i++)
        if (!(records.get(i).isEmpty() || records.get(i).size() == 1 && records.get(i).get(0).get(0).asText().matches("[ \\t\\x0b\\f]+"))) rows.add(records.get(i));
    long counted = found.badRows().rows();
    boolean parted = found.badRows().faults().stream().noneMatch(f -> f.problem().contains("quote"));
    if (found.size() + found.badRows().bad() != counted) return found.size() + " rounds and " + found.badRows().bad() + " bad rows of " + counted;
    if (parted && counted != rows.size()) return counted + " rows, Python has " + rows.size();
    if (!parted) return null;
    int next = 0;
    for (JsonNode row : rows) {
        if (next == found.size()) break;
        boolean same = row.size() == names.size() && Objects.equals(number(row.get(reward)), found.rewards()[next]) && Objects.equals(number(row.get(propensity)), found.propensities()[next])
            && (row.get(action).get(0).asText().equals(found.actionNames().get(found.actions()[next])) || number(row.get(action)) != null && number(row.get(action)) == found.actions()[next]);
        if (same) next++;
        else if (whole) return "round " + next + " is not Python's " + row;
    }
    return next < found.size() ? "round " + next + " is no row of Python's" : null;
}

int files = Integer.parseInt(System.getenv().getOrDefault("METARL_FILES", "20000"));
var python = System.getenv("METARL_BENCH_PYTHON");
Path folder = Files.createTempDirectory("csv");
var peer = new ProcessBuilder(python, "bench/peers/csv_records.py").redirectError(ProcessBuilder.Redirect.INHERIT).start();
var answers = peer.inputReader(StandardCharsets.UTF_8);
var questions = peer.outputWriter(StandardCharsets.UTF_8);
var json = new ObjectMapper();
int whole = 0, withBad = 0, refused = 0, wrong = 0;
for (int seed = 0; seed < files; seed++) {
    var random = new Random(seed);
    char delimiter = ",;\t|".charAt(random.nextInt(4));
    byte[] bytes = log(random, delimiter).getBytes(StandardCharsets.UTF_8);
    if (seed % 5 > 0) bytes = damaged(random, bytes);
    Path file = Files.write(folder.resolve("log.csv"), bytes);
    questions.write(file + "\t" + (delimiter == '\t' ? "TAB" : delimiter) + "\n");
    questions.flush();
    JsonNode records = json.readTree(answers.readLine());
    String difference = null;
    try {
        BanditLog found = BanditLog.reader().dropBad().read(file);
        boolean all = found.badRows().bad() == 0;
        if (all) whole++;
        else withBad++;
        boolean other = found.badRows().notes().stream().anyMatch(n -> n.contains("backslash") || n.contains("The header is the comment"));
        if (seed % 5 == 0 && !all) difference = "a whole file has bad rows: " + found.badRows();
        else if (!other) difference = difference(found, records, all);
    } catch (IllegalArgumentException e) {
        refused++;
        if (!e.getMessage().startsWith(file.toString())) difference = "refused without a name: " + e.getMessage();
    } catch (RuntimeException e) {
        difference = "" + e;
    }
    if (difference != null && wrong++ < 10) System.out.println("file " + seed + ": " + difference + "\n" + new String(bytes, StandardCharsets.UTF_8).replace("\r", "\\r"));
}
peer.outputWriter().close();
Files.delete(folder.resolve("log.csv"));
Files.delete(folder);
System.out.println(String.format(Locale.ROOT, "%,d CSV logs, four fifths of them damaged: %,d read whole, %,d with bad rows named, %,d refused; %d other than Python reads them", files, whole, withBad, refused, wrong));
if (wrong > 0) throw new IllegalStateException(wrong + " files were read otherwise");
