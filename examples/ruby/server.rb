# Answers with JSON; uses nothing but Ruby's own library.
require 'json'
require 'socket'

class Answers
  def initialize
    @served = 0
    @lock = Mutex.new
  end

  def serve(client)
    while (request = client.gets)
      last = request.end_with?("HTTP/1.0\r\n")
      while (header = client.gets) && header != "\r\n"
        last ||= header.match?(/\Aconnection:\s*close/i)
      end
      answer(client, request.start_with?('HEAD '), last)
      break if last
    end
  rescue Errno::EPIPE, Errno::ECONNRESET
    # the caller went away: nobody is left to tell
  ensure
    client.close
  end

  private

  def answer(client, head, last)
    body = JSON.generate(facts) + "\n"
    client.write "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: #{body.bytesize}\r\n",
                 last ? "Connection: close\r\n" : '', "\r\n", head ? '' : body
  end

  def facts
    served = @lock.synchronize { @served += 1 }
    { app: ENV.fetch('HOLT_APP', 'ruby'), index: ENV.fetch('HOLT_INDEX', '0').to_i,
      runtime: "ruby #{RUBY_VERSION}", served: served }
  end
end

Signal.trap('TERM') { exit!(0) }
port = ENV.fetch('PORT', '8080').to_i
server = TCPServer.new(ENV.fetch('HOST', '0.0.0.0'), port)
server.listen(1024)
$stdout.sync = true
puts "listening at port #{port}"
answers = Answers.new
loop { Thread.new(server.accept) { |client| answers.serve(client) } }
