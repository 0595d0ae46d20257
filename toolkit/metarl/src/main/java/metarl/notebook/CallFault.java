package metarl.notebook;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.Diag;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Documentation;

/** What the compiler says of a call with wrong arguments, in one sentence that names what the method takes. */
final class CallFault {
    private static final Pattern FOUND = Pattern.compile("found:\\s*(.*)"), NONE = Pattern.compile("found for \\w+\\((.*)\\)");
    private static final int MOST = 6;

    private CallFault() {}

    /** Empty if the fault is a different one, or nothing is known of the method. */
    static Optional<String> sentence(SourceCodeAnalysis analysis, String source, Diag fault) {
        String code = String.valueOf(fault.getCode()), message = fault.getMessage(Locale.ROOT);
        if (code.startsWith("compiler.err.cant.apply.")) {
            Matcher found = FOUND.matcher(message), none = NONE.matcher(message);
            String given = found.find() ? found.group(1) : none.find() ? none.group(1) : "";
            // of a constructor the whole call is marked, of a method its name
            int start = (int) fault.getStartPosition();
            int bracket = source.indexOf('(', source.startsWith("new ", start) ? start : (int) fault.getEndPosition());
            return bracket < 0 ? Optional.empty() : taken(analysis, source.substring(0, bracket + 1)).map(t -> t + ", but was given "
                + (given.isBlank() || given.startsWith("no arg") ? "nothing"
                    : "(" + Inspection.withoutPackages(given).replace(",", ", ") + ")"));
        }
        if (!code.startsWith("compiler.err.prob.found.req")) return Optional.empty();
        String before = source.substring(0, (int) fault.getStartPosition()).stripTrailing();
        if (!before.endsWith("(") && !before.endsWith(",")) return Optional.empty();
        return taken(analysis, before).map(t -> Inspection.withoutPackages(message.lines().findFirst().orElse("").strip()) + "; " + t);
    }

    /** "TaskSet.of takes (String family) or (TaskFamily family)" of the call that a text ends in. */
    private static Optional<String> taken(SourceCodeAnalysis analysis, String call) {
        String part = Inspection.last(analysis, call);
        List<String> signatures = analysis.documentation(part, part.length(), false).stream().map(Documentation::signature).filter(s -> s
            .indexOf('(') > 0).map(Inspection::readable).distinct().toList();
        if (signatures.isEmpty()) return Optional.empty();
        String name = signatures.get(0).replaceFirst("\\(.*", "").replaceFirst("^.*\\s", "");
        return Optional.of(name + " takes " + signatures.stream().limit(MOST).map(s -> s.substring(s.indexOf('('), s.lastIndexOf(')') + 1))
            .collect(Collectors.joining(" or ")) + (signatures.size() > MOST ? " or others" : ""));
    }
}
