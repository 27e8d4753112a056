package holt.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Finds {@code :name} and {@code ?} in our own SQL, which has no literal or comment with such a character in it. Jdbi's
 * own parser takes everything, and 150 ms of each start for its generated lexer.
 */
final class NamedParameters implements SqlParser {
    private static final Pattern PARAMETER = Pattern.compile(":([A-Za-z]+)|\\?");

    private final Map<String, ParsedSql> known = new ConcurrentHashMap<>();

    @Override
    public ParsedSql parse(String sql, StatementContext context) {
        return known.computeIfAbsent(sql, NamedParameters::parsed);
    }

    @Override
    public String nameParameter(String name, StatementContext context) {
        return ":" + name;
    }

    private static ParsedSql parsed(String sql) {
        ParsedSql.Builder builder = ParsedSql.builder();
        Matcher matcher = PARAMETER.matcher(sql);
        int end = 0;
        while (matcher.find()) {
            builder.append(sql.substring(end, matcher.start()));
            if (matcher.group(1) == null) {
                builder.appendPositionalParameter();
            } else {
                builder.appendNamedParameter(matcher.group(1));
            }
            end = matcher.end();
        }
        return builder.append(sql.substring(end)).build();
    }
}
