package metarl.kernel;

import java.util.List;
import org.dflib.jjava.jupyter.messages.ContentType;
import org.dflib.jjava.jupyter.messages.MessageType;
import org.dflib.jjava.jupyter.messages.reply.ExecuteReply;

/**
 * The reply to a cell that is not run because one before it failed (Jupyter's messaging protocol, "Execution results"); Gson writes the
 * fields.
 */
@SuppressWarnings("unused")
final class Aborted implements ContentType<Aborted> {
    private final String status = "aborted";
    private final String ename = "Aborted";
    private final String evalue = "an earlier cell failed";
    private final List<String> traceback = List.of();

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public MessageType<Aborted> getType() {
        return (MessageType) ExecuteReply.MESSAGE_TYPE;
    }
}
