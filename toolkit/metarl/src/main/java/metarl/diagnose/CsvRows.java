package metarl.diagnose;

import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** Rows of a CSV file with a header: cells parted by comma, semicolon or tab, whichever the header holds most of; quotes as in RFC 4180. */
final class CsvRows extends LogRows {
    private static final int BUFFER = 1 << 16;
    /** A cell this long is a quote that nobody closed. */
    private static final int LONGEST_CELL = 100_000;
    private static final int MOST_COLUMNS = 20_000;

    private final Path path;
    private final Charset encoding;
    private final boolean packed;
    private final char delimiter;
    private List<String> columns;
    private FileChannel file;
    private CsvParser parser;
    private String[] row;

    CsvRows(Path path, Charset encoding, boolean packed) {
        this.path = path;
        this.encoding = encoding;
        this.packed = packed;
        delimiter = delimiter();
        start(MOST_COLUMNS);
        String[] header = parse();
        close();
        if (header == null) throw new IllegalArgumentException(path + " holds nothing but blank lines; expected a header with the names of the columns and a row per "
            + "logged choice");
        columns = Arrays.stream(header).map(name -> name == null ? "" : name).toList();
        if (columns.stream().allMatch(CsvRows::isNumber))
            throw new IllegalArgumentException(path + " begins with numbers (" + String.join(", ", columns) + "); expected a header: write the names of the columns into "
                + "a first line");
    }

    private static boolean isNumber(String text) {
        return text.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?");
    }

    private char delimiter() {
        int[] counts = new int[128];
        try (Reader text = open()) {
            for (int c = text.read(); c >= 0 && c != '\n' && c != '\r'; c = text.read()) if (c < counts.length) counts[c]++;
        } catch (IOException e) {
            throw failure(e);
        }
        return Stream.of(';', '\t').filter(c -> counts[c] > counts[',']).max((a, b) -> counts[a] - counts[b]).orElse(',');
    }

    private Reader open() throws IOException {
        file = FileChannel.open(path);
        InputStream bytes = new BufferedInputStream(packed ? new GZIPInputStream(Channels.newInputStream(file), BUFFER) : Channels.newInputStream(file), BUFFER);
        bytes.mark(3);
        byte[] mark = bytes.readNBytes(3);
        bytes.reset();
        Charset charset = encoding;
        if (starts(mark, 0xef, 0xbb, 0xbf)) {
            bytes.skipNBytes(3);
            charset = StandardCharsets.UTF_8;
        } else if (starts(mark, 0xff, 0xfe) || starts(mark, 0xfe, 0xff)) charset = StandardCharsets.UTF_16;
        // the default would put question marks where bytes make no sense
        return new InputStreamReader(bytes, charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    private static boolean starts(byte[] bytes, int... with) {
        return bytes.length >= with.length && IntStream.range(0, with.length).allMatch(i -> (bytes[i] & 0xff) == with[i]);
    }

    // all columns, not only the wanted: univocity fills up short rows when it selects, and they would pass unseen
    private void start(int mostColumns) {
        var settings = new CsvParserSettings();
        settings.getFormat().setDelimiter(delimiter);
        settings.setLineSeparatorDetectionEnabled(true);
        settings.setReadInputOnSeparateThread(false);
        settings.setMaxColumns(mostColumns);
        settings.setMaxCharsPerColumn(LONGEST_CELL);
        parser = new CsvParser(settings);
        try {
            parser.beginParsing(open());
        } catch (IOException | TextParsingException e) {
            throw failure(e);
        }
    }

    private String[] parse() {
        try {
            return parser.parseNext();
        } catch (TextParsingException | UncheckedIOException e) {
            throw failure(e);
        }
    }

    private IllegalArgumentException failure(Exception e) {
        close();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CharacterCodingException)
                return new IllegalArgumentException(path + " is not text in " + encoding + "; save it as UTF-8, or name its encoding, as in "
                    + ".encoding(StandardCharsets.ISO_8859_1)", e);
            if (cause instanceof IOException) return new IllegalArgumentException(path + " cannot be read to its end: " + cause.getMessage(), e);
        }
        return new IllegalArgumentException(path + " cannot be parsed near line " + parser.getContext().currentLine() + "; expected cells below " + LONGEST_CELL
            + " characters and about " + (columns == null ? "at most " + MOST_COLUMNS : columns.size()) + " of them: is a quote left open?", e);
    }

    @Override
    List<String> columns() {
        return columns;
    }

    @Override
    void select(int[] wanted) {
        start(2 * columns.size() + 8);
        parse();
    }

    @Override
    boolean next() {
        row = parse();
        return row != null;
    }

    @Override
    int cells() {
        return row.length;
    }

    @Override
    String text(int column) {
        return column < row.length ? row[column] : null;
    }

    @Override
    double fraction() {
        try {
            return file.isOpen() ? (double) file.position() / file.size() : 1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            if (parser != null) parser.stopParsing();
            if (file != null) file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
