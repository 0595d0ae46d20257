package metarl;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.provider.Arguments;

/** One row of a table of bad inputs: a call that must be refused, and a part of the message that must name what is wrong. */
public record BadInput(String name, Executable call, String message) {
    /** A row for a method source. */
    public static Arguments bad(String name, Executable call, String message) {
        return Arguments.of(new BadInput(name, call, message));
    }

    /** Makes the call and checks that it is refused by name. */
    public void isNamed() {
        var error = assertThrows(IllegalArgumentException.class, call);
        assertTrue(error.getMessage().contains(message), error.getMessage());
    }

    @Override
    public String toString() {
        return name;
    }
}
