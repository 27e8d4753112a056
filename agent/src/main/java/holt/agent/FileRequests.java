package holt.agent;

import holt.model.AgentReply;
import holt.model.AgentRequest;
import holt.model.ProblemException;
import holt.model.TreeCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;

/** Answers requests for an instance's files. Stateless; any thread. */
final class FileRequests {
    private FileRequests() {}

    static AgentReply answer(AgentRequest.Files wanted, InstanceFolder folder, Backend backend) {
        if (wanted.length() < 0 || wanted.length() > AgentRequest.Files.MAX_LENGTH || wanted.offset() < 0) {
            return new AgentReply.Refused("at most " + AgentRequest.Files.MAX_LENGTH + " bytes can be read at once");
        }
        try {
            if (!wanted.path().isEmpty()) {
                TreeCheck.path(wanted.path());
            }
            if (!Files.isDirectory(folder.path())) {
                return new AgentReply.Refused("the process is not here, or its files are gone");
            }
            try (InstanceFiles files = backend.files(folder)) {
                return files.read(wanted.path(), wanted.offset(), wanted.length());
            }
        } catch (ProblemException refusal) {
            return new AgentReply.Refused(refusal.problem().detail());
        } catch (NoSuchFileException gone) {
            return InstanceFiles.none(wanted.path());
        } catch (IOException fault) {
            return new AgentReply.Refused("'" + wanted.path() + "' cannot be read: " + fault.getMessage());
        }
    }
}
