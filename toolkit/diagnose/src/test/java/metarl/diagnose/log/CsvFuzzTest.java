package metarl.diagnose.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every record of a file is a round, a bad row, a comment or a blank line, and what is read is what is written: on whole files and on
 * damaged ones.
 */
class CsvFuzzTest {
    private static final int FILES = 2_500;

    @TempDir
    private static Path folder;

    @Test
    void nothingIsLostAndNothingIsOtherThanWritten() throws IOException {
        int read = 0, refused = 0, withBadRows = 0;
        for (int seed = 0; seed < FILES; seed++) {
            var mutants = new CsvMutants(seed);
            char delimiter = mutants.delimiter();
            String log = mutants.log(delimiter);
            byte[] bytes = seed % 4 == 0 ? log.getBytes(StandardCharsets.UTF_8) : mutants.damaged(log);
            Path file = Files.write(folder.resolve("log.csv"), bytes);
            var reader = BanditLog.reader().dropBad();
            if (mutants.coin()) reader = reader.delimiter(delimiter);
            BanditLog found;
            try {
                found = reader.read(file);
            } catch (IllegalArgumentException e) {
                assertTrue(e.getMessage().startsWith(file.toString()) && e.getMessage().length() > file.toString().length() + 20,
                    "seed " + seed
                        + ": " + e.getMessage());
                assertTrue(seed % 4 != 0 || e.getMessage().contains("No row is left") || e.getMessage().contains("is infinite"),
                    "seed " + seed
                        + ": " + e.getMessage());
                refused++;
                continue;
            }
            read++;
            if (found.badRows().bad() > 0) withBadRows++;
            check(seed, found, text(bytes), delimiter);
        }
        assertTrue(read > FILES / 2 && refused > FILES / 50 && withBadRows > FILES / 10,
            read + " read, " + refused + " refused, " + withBadRows
                + " with bad rows");
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }

    private static void check(int seed, BanditLog found, String text, char delimiter) {
        String message = "seed " + seed + ":\n" + text.replace("\r", "\\r") + "\n" + found;
        BadRows account = found.badRows();
        assertEquals(account.rows(), found.size() + account.bad(), message);
        boolean otherDialect = account.notes().stream().anyMatch(n -> n.contains("backslash") || n.contains("The header is the comment"));
        if (otherDialect) return;
        CsvReference expected = CsvReference.of(text, delimiter);
        assertEquals(expected.rows().size(), account.rows(), message);
        assertEquals(expected.comments(), account.comments(), message);
        assertEquals(expected.blankLines(), account.blankLines(), message);
        var good = good(expected);
        assertEquals(good.size(), found.size(), message);
        boolean numbers = good.stream().allMatch(row -> CsvReference.number(row.get(0)) != null);
        for (int i = 0; i < good.size(); i++) {
            assertEquals(CsvReference.number(good.get(i).get(1)), found.rewards()[i], message);
            assertEquals(Math.min(1, CsvReference.number(good.get(i).get(2))), found.propensities()[i], message);
            if (numbers) assertEquals(CsvReference.number(good.get(i).get(0)), found.actions()[i], message);
            else assertEquals(good.get(i).get(0), found.actionNames().get(found.actions()[i]), message);
        }
    }

    /** Action, reward and propensity of the rows that can be used. */
    private static List<List<String>> good(CsvReference reference) {
        List<String> header = reference.header().stream().map(name -> name.replaceAll("[\\p{C}\\p{Z}]", "").toLowerCase(Locale.ROOT))
            .toList();
        int[] columns = {header.indexOf("action"), header.indexOf("reward"), header.indexOf("propensity")};
        var good = new ArrayList<List<String>>();
        var labels = new ArrayList<String>();
        for (CsvReference.Row row : reference.rows()) {
            if (row.cells().size() != header.size()) continue;
            String label = row.cells().get(columns[0]);
            boolean blank = label.chars().allMatch(c -> NumberText.blank((char) c));
            if (!blank) labels.add(label);
            Double reward = CsvReference.number(row.cells().get(columns[1])), propensity = CsvReference.number(row.cells().get(columns[2]));
            if (blank || reward == null || Double.isInfinite(reward) || propensity == null || !(propensity > 0 && propensity <= 1.00005))
                continue;
            good.add(List.of(label, row.cells().get(columns[1]), row.cells().get(columns[2])));
        }
        long numbers = labels.stream().filter(CsvFuzzTest::isAction).count();
        return numbers >= 0.9 * labels.size() ? good.stream().filter(row -> isAction(row.get(0))).toList() : good;
    }

    private static boolean isAction(String label) {
        Double number = CsvReference.number(label);
        return number != null && number >= 0 && number == Math.rint(number) && number <= 100_000;
    }

    @Test
    void linesAddUpWhateverTheTextHolds() throws IOException {
        for (int seed = 0; seed < FILES; seed++) {
            var mutants = new CsvMutants(seed);
            String text = new String(mutants.damaged(mutants.log(',')), StandardCharsets.ISO_8859_1);
            long lines = 0, records = 0;
            try (var csv = new CsvText(new StringReader(text), ',', false)) {
                while (csv.next()) {
                    assertEquals(lines + 1, csv.line());
                    lines += csv.lines();
                    records++;
                }
            }
            assertEquals(text.lines().count(), lines, text);
            assertTrue(records <= lines);
        }
    }
}
