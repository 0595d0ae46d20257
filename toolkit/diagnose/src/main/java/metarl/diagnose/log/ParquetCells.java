package metarl.diagnose.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.JsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/**
 * What becomes of the cells of one Parquet column.
 *
 * <p>Numbers: whole ones of 8 to 64 bits, signed or not; floating-point ones of 16, 32 and 64 bits; true and false as 1 and 0; what text
 * spells. Whole numbers beyond 2^53 that a double does not hold are refused as numbers, and are exact as text. As text besides:
 * enumerations, JSON, UUIDs, dates, times, moments and decimals, which are refused as numbers, and bytes that are UTF-8 throughout. Refused
 * altogether: bytes of fixed length without a meaning, INT96, and what is not known here.
 */
final class ParquetCells {
    private enum Kind {
        SIGNED, UNSIGNED, HALF, FLOAT, DOUBLE, BOOLEAN, TEXT, SPELT, NONE
    }

    private static final int DOUBLE_BITS = 53;

    private final String column;
    private final PrimitiveType type;
    private final Kind kind;
    private final String plural;
    private final int bits;
    private double least = Double.NEGATIVE_INFINITY;
    private double most = Double.POSITIVE_INFINITY;

    private ParquetCells(String column, PrimitiveType type, Kind kind, String plural, int bits) {
        this.column = column;
        this.type = type;
        this.kind = kind;
        this.plural = plural;
        this.bits = bits;
    }

    /**
     * Of a column.
     *
     * @param column the file and the column, as errors name them
     * @param unknown whether the type has an annotation that is not known here
     */
    static ParquetCells of(String column, PrimitiveType type, boolean unknown) {
        LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
        if (unknown) return new ParquetCells(column, type, Kind.NONE,
            "values of a type that is not known here (" + type.getPrimitiveTypeName() + ")", 0);
        if (annotation instanceof IntLogicalTypeAnnotation whole)
            return new ParquetCells(column, type, whole.isSigned() ? Kind.SIGNED : Kind.UNSIGNED, "whole numbers", whole.getBitWidth());
        if (annotation instanceof Float16LogicalTypeAnnotation) return new ParquetCells(column, type, Kind.HALF, "", 0);
        if (annotation instanceof StringLogicalTypeAnnotation || annotation instanceof EnumLogicalTypeAnnotation
            || annotation instanceof JsonLogicalTypeAnnotation)
            return new ParquetCells(column, type, Kind.TEXT, "", 0);
        String spelt = annotation instanceof DecimalLogicalTypeAnnotation ? "decimals"
            : annotation instanceof DateLogicalTypeAnnotation ? "dates"
                : annotation instanceof TimeLogicalTypeAnnotation ? "times of day"
                    : annotation instanceof TimestampLogicalTypeAnnotation ? "points in time (timestamps)"
                        : annotation instanceof UUIDLogicalTypeAnnotation ? "UUIDs" : null;
        if (spelt != null) return new ParquetCells(column, type, Kind.SPELT, spelt, 0);
        if (annotation != null) return new ParquetCells(column, type, Kind.NONE, "values of type " + annotation, 0);
        return switch (type.getPrimitiveTypeName()) {
            case INT32 -> new ParquetCells(column, type, Kind.SIGNED, "whole numbers", 32);
            case INT64 -> new ParquetCells(column, type, Kind.SIGNED, "whole numbers", 64);
            case FLOAT -> new ParquetCells(column, type, Kind.FLOAT, "", 0);
            case DOUBLE -> new ParquetCells(column, type, Kind.DOUBLE, "", 0);
            case BOOLEAN -> new ParquetCells(column, type, Kind.BOOLEAN, "", 0);
            case BINARY -> new ParquetCells(column, type, Kind.TEXT, "", 0);
            case INT96 -> new ParquetCells(column, type, Kind.NONE, "timestamps of the old type INT96", 0);
            case FIXED_LEN_BYTE_ARRAY ->
                new ParquetCells(column, type, Kind.NONE, "bytes (" + type.getTypeLength() + " a cell) without a meaning", 0);
        };
    }

    boolean isText() {
        return kind == Kind.TEXT;
    }

    /** Takes in between which bounds a row group says its numbers lie; without them, or where they make no sense, there are none. */
    void range(Statistics statistics) {
        least = Double.NEGATIVE_INFINITY;
        most = Double.POSITIVE_INFINITY;
        if (statistics == null || !statistics.isSetMin_value() || !statistics.isSetMax_value()) return;
        double low = bound(statistics.getMin_value()), high = bound(statistics.getMax_value());
        if (!(low <= high)) return;
        least = low;
        most = high;
    }

    private double bound(byte[] bytes) {
        ByteBuffer value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (kind) {
            case SIGNED, UNSIGNED -> bytes.length == 8 ? whole(value.getLong()) : bytes.length == 4 ? whole(value.getInt()) : Double.NaN;
            case FLOAT -> bytes.length == 4 ? value.getFloat() : Double.NaN;
            case DOUBLE -> bytes.length == 8 ? value.getDouble() : Double.NaN;
            default -> Double.NaN;
        };
    }

    double number(ColumnReader cell) {
        double value = switch (kind) {
            case SIGNED, UNSIGNED -> exact(cell);
            case HALF -> half(cell);
            case FLOAT -> cell.getFloat();
            case DOUBLE -> cell.getDouble();
            case BOOLEAN -> cell.getBoolean() ? 1 : 0;
            default -> throw new IllegalArgumentException(
                column + " holds " + plural + "; expected numbers of type double or integer: cast it before writing");
        };
        if (value < least || value > most)
            throw new IllegalStateException("it holds " + value + ", though its numbers are said to lie between " + least + " and " + most);
        return value;
    }

    private long stored(ColumnReader cell) {
        long value = type.getPrimitiveTypeName() == PrimitiveType.PrimitiveTypeName.INT32
            ? kind == Kind.UNSIGNED ? Integer.toUnsignedLong(cell.getInteger()) : cell.getInteger() : cell.getLong();
        boolean fits = bits == 64 || (kind == Kind.SIGNED ? value >> bits - 1 == value >> 63 : value >>> bits == 0);
        if (!fits) throw new IllegalStateException("it holds " + value + ", which is beyond its " + bits + " bits");
        return value;
    }

    private double exact(ColumnReader cell) {
        long value = stored(cell);
        long size = kind == Kind.UNSIGNED ? value : Math.abs(value);
        if (size != 0 && Long.SIZE - Long.numberOfLeadingZeros(size) - Long.numberOfTrailingZeros(size) > DOUBLE_BITS)
            throw new IllegalArgumentException(column + " holds " + text(value)
                + ", a whole number beyond 2^53 that a double does not hold; expected smaller ones: use it as "
                + "text (an action, an episode, a category), or cast it to double before writing");
        return whole(value);
    }

    private double whole(int value) {
        return kind == Kind.UNSIGNED ? Integer.toUnsignedLong(value) : value;
    }

    private double whole(long value) {
        // the lowest bit stands for all that are shifted out
        return kind == Kind.SIGNED || value >= 0 ? value : 2.0 * (value >>> 1 | value & 1);
    }

    private String text(long value) {
        return kind == Kind.UNSIGNED ? Long.toUnsignedString(value) : Long.toString(value);
    }

    private static float half(ColumnReader cell) {
        short bits = cell.getBinary().toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getShort();
        int exponent = bits >>> 10 & 31, fraction = bits & 1023;
        float size = exponent == 31 ? fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN
            : exponent == 0 ? Math.scalb((float) fraction, -24)
                : Math.scalb((float) (1024 + fraction), exponent - 25);
        return bits < 0 ? -size : size;
    }

    /** Null if it is empty. */
    String text(ColumnReader cell) {
        return switch (kind) {
            case SIGNED, UNSIGNED -> text(stored(cell));
            case HALF -> "" + half(cell);
            case FLOAT -> "" + cell.getFloat();
            case DOUBLE -> "" + cell.getDouble();
            case BOOLEAN -> "" + cell.getBoolean();
            case TEXT -> utf8(cell);
            case SPELT -> switch (type.getPrimitiveTypeName()) {
                case INT32 -> type.stringifier().stringify(cell.getInteger());
                case INT64 -> type.stringifier().stringify(cell.getLong());
                default -> type.stringifier().stringify(cell.getBinary());
            };
            case NONE ->
                throw new IllegalArgumentException(column + " holds " + plural + "; expected numbers or text: cast it before writing");
        };
    }

    private String utf8(ColumnReader cell) {
        ByteBuffer bytes = cell.getBinary().toByteBuffer();
        if (!bytes.hasRemaining()) return null;
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            if (type.getLogicalTypeAnnotation() != null || text.chars().noneMatch(c -> c < ' ' && c != '\t' && c != '\n' && c != '\r'))
                return text;
        } catch (CharacterCodingException e) {
            // told below
        }
        throw new IllegalArgumentException(
            column + " holds bytes that are not text in UTF-8; expected numbers or text: cast it before writing");
    }
}
